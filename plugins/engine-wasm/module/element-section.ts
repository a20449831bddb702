import type { ByteReader } from './byte-reader.js'
import type { ByteWriter } from './byte-writer.js'
import { copyConstant, copyFunctionReference } from './constant-expression.js'
import type { ModuleIndex } from './module-index.js'
import { within, type ModuleLimits } from './module-limits.js'
import { readReferenceType } from './value-types.js'

/** Bits of a segment's first number (core specification 2.0, §5.5.12). */
const PASSIVE_OR_DECLARED = 1
const EXPLICIT = 2
const EXPRESSIONS = 4
const DECLARED_FUNCTIONS = 3
const FUNCTION_KIND = 0

/** Copies the element segments; appended is one that keeps functions declared whose exports were dropped. */
export function rewriteElements (
  reader: ByteReader | undefined, index: ModuleIndex, limits: ModuleLimits, out: ByteWriter,
): void {
  const count = reader?.u32() ?? 0
  within(limits, 'segments', count, reader ? { offset: reader.position } : {})
  out.u32(count + (index.undeclared.length > 0 ? 1 : 0))
  let entries = 0
  for (let position = 0; reader && position < count; position++) {
    entries += rewriteSegment(reader, index, out)
    within(limits, 'elementEntries', entries, { offset: reader.position })
  }
  reader?.finish('the element section')
  if (index.undeclared.length === 0) return
  out.append([DECLARED_FUNCTIONS, FUNCTION_KIND])
  out.u32(index.undeclared.length)
  for (const target of index.undeclared) out.u32(index.referenceTo(target))
}

function rewriteSegment (reader: ByteReader, index: ModuleIndex, out: ByteWriter): number {
  const offset = reader.position
  const flags = reader.u32()
  if (flags > 7) reader.invalid(`${flags} is no kind of element segment`, offset)
  out.u32(flags)
  if ((flags & PASSIVE_OR_DECLARED) === 0) {
    if ((flags & EXPLICIT) !== 0) copyTableIndex(reader, index, out)
    copyConstant(reader, index, out)
  }
  const typed = (flags & (PASSIVE_OR_DECLARED | EXPLICIT)) !== 0
  if (typed) out.byte((flags & EXPRESSIONS) !== 0 ? readReferenceType(reader) : readElementKind(reader))
  const entries = reader.u32()
  out.u32(entries)
  for (let position = 0; position < entries; position++) {
    if ((flags & EXPRESSIONS) !== 0) copyConstant(reader, index, out)
    else copyFunctionReference(reader, index, out)
  }
  return entries
}

function copyTableIndex (reader: ByteReader, index: ModuleIndex, out: ByteWriter): void {
  const offset = reader.position
  const table = reader.u32()
  if (table >= index.tables) reader.invalid(`there is no table ${table}`, offset)
  out.u32(table)
}

function readElementKind (reader: ByteReader): number {
  const offset = reader.position
  const kind = reader.byte()
  if (kind !== FUNCTION_KIND) reader.invalid(`0x${kind.toString(16)} is no kind of element`, offset)
  return kind
}
