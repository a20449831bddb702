import type { ByteReader } from './byte-reader.js'
import type { ByteWriter } from './byte-writer.js'
import type { ModuleIndex } from './module-index.js'
import { within, type ModuleLimits } from './module-limits.js'

/** Reads the types of the defined functions. */
export function readFunctions (reader: ByteReader, index: ModuleIndex, limits: ModuleLimits): void {
  const count = reader.u32()
  within(limits, 'functions', count, { offset: reader.position })
  for (let position = 0; position < count; position++) {
    const offset = reader.position
    const typeIndex = reader.u32()
    index.typeAt(reader, typeIndex, offset)
    index.defined.push(typeIndex)
  }
  reader.finish('the function section')
}

/** Writes them again, followed by the trampolines of the imports and the entry of the hooks. */
export function writeFunctions (index: ModuleIndex, out: ByteWriter): void {
  out.u32(index.functions + 1)
  for (const typeIndex of index.defined) out.u32(typeIndex)
  for (const imported of index.imports) out.u32(imported.typeIndex)
  out.u32(index.types.length)
}
