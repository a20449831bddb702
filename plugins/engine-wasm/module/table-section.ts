import { WasmFeatureRefused } from '../wasm-errors.js'
import type { ByteReader } from './byte-reader.js'
import type { ByteWriter } from './byte-writer.js'
import type { ModuleIndex } from './module-index.js'
import { within, type ModuleLimits } from './module-limits.js'
import { readReferenceType } from './value-types.js'

const WITH_INITIALISER = 0x40

/** Copies the tables and gives each a maximum. */
export function rewriteTables (reader: ByteReader, index: ModuleIndex, limits: ModuleLimits, out: ByteWriter): void {
  const count = reader.u32()
  within(limits, 'tables', count, { offset: reader.position })
  out.u32(count)
  for (let position = 0; position < count; position++) {
    rewriteTable(reader, limits, out)
    index.tables++
  }
  reader.finish('the table section')
}

function rewriteTable (reader: ByteReader, limits: ModuleLimits, out: ByteWriter): void {
  const offset = reader.position
  if (reader.bytes[offset] === WITH_INITIALISER) {
    const item = 'a table with an initialiser'
    throw WasmFeatureRefused({ feature: 'garbage-collected or typed references', item, offset })
  }
  const type = readReferenceType(reader)
  const flags = reader.byte()
  if (flags > 1) {
    if (flags > 7) reader.invalid(`0x${flags.toString(16)} are no limits`, offset + 1)
    throw WasmFeatureRefused({ feature: 'shared or 64-bit tables', item: 'a table', offset })
  }
  const smallest = reader.u32()
  within(limits, 'tableEntries', smallest, { offset })
  const declared = flags === 1 ? reader.u32() : limits.tableEntries
  out.byte(type)
  out.byte(1)
  out.u32(smallest)
  out.u32(Math.min(declared, limits.tableEntries))
}
