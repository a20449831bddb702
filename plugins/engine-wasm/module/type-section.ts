import { HOOK_ENTRY_TYPE } from '../code/hook-entry.js'
import { WasmFeatureRefused } from '../wasm-errors.js'
import type { ByteReader } from './byte-reader.js'
import type { ByteWriter } from './byte-writer.js'
import type { ModuleIndex } from './module-index.js'
import { within, type ModuleLimits } from './module-limits.js'
import { readValueType } from './value-types.js'

const FUNCTION_FORM = 0x60

/**
 * Copies the function types (core specification 2.0, §5.5.4) and appends that of the function that enters the hooks.
 * Structs, arrays, subtypes and recursive groups are refused.
 */
export function rewriteTypes (reader: ByteReader, index: ModuleIndex, limits: ModuleLimits, out: ByteWriter): void {
  const count = reader.u32()
  const start = reader.position
  within(limits, 'types', count, { offset: start })
  let values = 0
  for (let position = 0; position < count; position++) {
    const offset = reader.position
    const form = reader.byte()
    if (form !== FUNCTION_FORM) {
      if (form >= 0x4e && form <= 0x5f) {
        throw WasmFeatureRefused({ feature: 'garbage-collected types', item: `type ${position}`, offset })
      }
      reader.invalid(`0x${form.toString(16)} is no function type`, offset)
    }
    const type = { parameters: readTypeList(reader, limits), results: readTypeList(reader, limits) }
    values += type.parameters.length + type.results.length
    within(limits, 'typeValues', values, { offset })
    index.types.push(type)
  }
  reader.finish('the type section')
  out.u32(count + 1)
  out.copy(reader.bytes, start, reader.end)
  out.append(HOOK_ENTRY_TYPE)
}

function readTypeList (reader: ByteReader, limits: ModuleLimits): number[] {
  const count = reader.u32()
  within(limits, 'locals', count, { offset: reader.position, item: 'parameters or results of a type' })
  const types: number[] = []
  for (let position = 0; position < count; position++) types.push(readValueType(reader))
  return types
}
