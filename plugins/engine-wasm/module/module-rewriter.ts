import type { HostCall } from '../../../kernel/contract/in-shard.js'
import type { ByteReader } from './byte-reader.js'
import { ByteWriter } from './byte-writer.js'
import { rewriteCode } from './code-section.js'
import { readDataCount, rewriteData, writeDataCount } from './data-section.js'
import { rewriteElements } from './element-section.js'
import { readExports, writeExports } from './export-section.js'
import { readFunctions, writeFunctions } from './function-section.js'
import { rewriteGlobals } from './global-section.js'
import { readImports } from './import-section.js'
import { rewriteMemory } from './memory-section.js'
import { ModuleIndex } from './module-index.js'
import type { ModuleLimits } from './module-limits.js'
import { readSections, SECTION, type Sections } from './sections.js'
import { rewriteTables } from './table-section.js'
import { readStart } from './start-section.js'
import { rewriteTypes } from './type-section.js'

const PREAMBLE = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]

/** What the module may use. */
export interface RewriteOptions {
  readonly granted: readonly HostCall[]
  readonly limits: ModuleLimits
}

/** A module that counts its work, bounds its memory, and shows the host nothing but the agent interface. */
export interface RewrittenModule {
  readonly bytes: Uint8Array
  readonly index: ModuleIndex
}

/**
 * Checks an uploaded module against the whitelist and rewrites it in one pass. What is not known to be harmless is
 * refused with its offset or name; operand types are left to V8, which validates the output.
 */
export function rewriteModule (bytes: Uint8Array, options: RewriteOptions): RewrittenModule {
  const sections = readSections(bytes, options.limits)
  const index = new ModuleIndex()
  const out = new ByteWriter(bytes.length + (bytes.length >> 2) + 1024)
  const content = new ByteWriter(bytes.length + 1024)
  out.append(PREAMBLE)
  for (const [id, rewrite] of REWRITERS) {
    content.clear()
    rewrite(sections.get(id), content, index, options, sections)
    if (content.length === 0) continue
    if (id === SECTION.code) writeDataCount(index, out)
    out.byte(id)
    out.u32(content.length)
    out.append(content.view())
  }
  return { bytes: out.view(), index }
}

type Rewrite = (
  reader: ByteReader | undefined, out: ByteWriter, index: ModuleIndex, options: RewriteOptions, sections: Sections,
) => void

/** For a section that is only there when the module has it. */
const present = (
  rewrite: (reader: ByteReader, out: ByteWriter, index: ModuleIndex, options: RewriteOptions) => void,
): Rewrite => (reader, out, index, options) => {
  if (reader) rewrite(reader, out, index, options)
}

const copy = (reader: ByteReader, out: ByteWriter): void => out.copy(reader.bytes, reader.start, reader.end)

/** What becomes of each section, in the order they come. */
const REWRITERS: ReadonlyArray<readonly [section: number, rewrite: Rewrite]> = [
  [SECTION.type, present((reader, out, index, { limits }) => rewriteTypes(reader, index, limits, out))],
  [SECTION.import, present((reader, out, index, { granted, limits }) => {
    readImports(reader, index, granted, limits)
    copy(reader, out)
  })],
  [SECTION.function, (reader, out, index, { limits }) => {
    if (reader) readFunctions(reader, index, limits)
    writeFunctions(index, out)
  }],
  [SECTION.table, present((reader, out, index, { limits }) => rewriteTables(reader, index, limits, out))],
  [SECTION.memory, present((reader, out, index, { limits }) => rewriteMemory(reader, index, limits, out))],
  [SECTION.global, (reader, out, index, { limits }) => rewriteGlobals(reader, index, limits, out)],
  [SECTION.export, (reader, out, index, { limits }, sections) => {
    readExports(reader, index, limits)
    readStart(sections.get(SECTION.start), index)
    writeExports(index, out)
  }],
  [SECTION.element, (reader, out, index, { limits }) => rewriteElements(reader, index, limits, out)],
  [SECTION.dataCount, present((reader, _out, index) => readDataCount(reader, index))],
  [SECTION.code, (reader, out, index, { limits }) => rewriteCode(reader, index, limits, out)],
  [SECTION.data, (reader, out, index, { limits }) => rewriteData(reader, index, limits, out)],
]
