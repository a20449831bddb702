import { InvalidWasm, WasmFeatureRefused } from '../wasm-errors.js'
import { ByteReader } from './byte-reader.js'
import { within, type ModuleLimits } from './module-limits.js'

/** Section ids (core specification 2.0, §5.5.2). */
export const SECTION = {
  custom: 0, type: 1, import: 2, function: 3, table: 4, memory: 5, global: 6, export: 7, start: 8, element: 9, code: 10,
  data: 11, dataCount: 12, tag: 13,
} as const

/** The order in which sections must come, each at most once. */
const ORDER: readonly number[] = [
  SECTION.type, SECTION.import, SECTION.function, SECTION.table, SECTION.memory, SECTION.global, SECTION.export,
  SECTION.start, SECTION.element, SECTION.dataCount, SECTION.code, SECTION.data,
]

const MAGIC = [0x00, 0x61, 0x73, 0x6d]
const PREAMBLE = [...MAGIC, 0x01, 0x00, 0x00, 0x00]

/** The sections of a module, each as a reader over its content; custom sections are dropped. */
export type Sections = ReadonlyMap<number, ByteReader>

export function readSections (bytes: Uint8Array, limits: ModuleLimits): Sections {
  within(limits, 'moduleBytes', bytes.length, {})
  readPreamble(bytes)
  const reader = new ByteReader(bytes, PREAMBLE.length)
  const sections = new Map<number, ByteReader>()
  let last = -1
  while (!reader.done) {
    const offset = reader.position
    const id = reader.byte()
    const content = reader.part(reader.u32())
    if (id === SECTION.custom) {
      content.name()
      continue
    }
    const place = placeOf(id, offset)
    if (place === last) reader.invalid(`section ${id} comes twice`, offset)
    if (place < last) reader.invalid(`section ${id} is out of order`, offset)
    last = place
    sections.set(id, content)
  }
  return sections
}

function placeOf (id: number, offset: number): number {
  const place = ORDER.indexOf(id)
  if (place >= 0) return place
  if (id === SECTION.tag) throw WasmFeatureRefused({ feature: 'exceptions', item: 'the tag section', offset })
  throw InvalidWasm({ reason: `there is no section ${id}`, offset })
}

function readPreamble (bytes: Uint8Array): void {
  if (bytes.length === 0) throw InvalidWasm({ reason: 'it is empty', offset: 0 })
  if (MAGIC.some((byte, position) => bytes[position] !== byte)) {
    throw InvalidWasm({ reason: otherFormat(bytes), offset: 0 })
  }
  if (bytes.length < PREAMBLE.length) throw InvalidWasm({ reason: 'it ends too early', offset: bytes.length })
  if (bytes[6] === 0x01) {
    const item = 'a component instead of a core module'
    throw WasmFeatureRefused({ feature: 'the component model', item, offset: 4 })
  }
  if (PREAMBLE.some((byte, position) => bytes[position] !== byte)) {
    throw InvalidWasm({ reason: 'its version is not 1', offset: 4 })
  }
}

/** Names the usual mistakes. */
function otherFormat (bytes: Uint8Array): string {
  const start = new TextDecoder().decode(bytes.subarray(0, 256)).trimStart()
  if (start.startsWith('(module') || start.startsWith(';;')) return 'it is WebAssembly text; assemble it first'
  if (start.startsWith('\u007fELF')) return 'it is a native program; compile for wasm32'
  return 'it does not begin with "\\0asm"'
}
