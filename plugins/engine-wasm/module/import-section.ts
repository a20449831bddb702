import type { HostCall } from '../../../kernel/contract/in-shard.js'
import { hostImport } from '../host/host-imports.js'
import { WasmFeatureRefused, WasmImportMistyped, WasmImportNotGranted, WasmImportUnknown } from '../wasm-errors.js'
import type { ByteReader } from './byte-reader.js'
import type { ModuleIndex } from './module-index.js'
import { within, type ModuleLimits } from './module-limits.js'
import { typeText } from './value-types.js'

const KINDS: Readonly<Record<number, string>> = { 1: 'a table', 2: 'a memory', 3: 'a global', 4: 'an exception tag' }
const FUNCTION_KIND = 0

/** Reads the imports: functions only, each one known, granted and of the right type. */
export function readImports (
  reader: ByteReader, index: ModuleIndex, granted: readonly HostCall[], limits: ModuleLimits,
): void {
  const count = reader.u32()
  within(limits, 'imports', count, { offset: reader.position })
  for (let position = 0; position < count; position++) readImport(reader, index, granted)
  reader.finish('the import section')
}

function readImport (reader: ByteReader, index: ModuleIndex, granted: readonly HostCall[]): void {
  const offset = reader.position
  const module = reader.name()
  const name = reader.name()
  const item = `${module}.${name}`
  const kind = reader.byte()
  if (kind !== FUNCTION_KIND) {
    const found = KINDS[kind] ?? reader.invalid(`0x${kind.toString(16)} is no kind of import`, reader.position - 1)
    throw WasmFeatureRefused({ feature: 'imports other than functions', item: `${found} "${item}"`, offset })
  }
  const typeIndex = reader.u32()
  const type = index.typeAt(reader, typeIndex, offset)
  const host = hostImport(module, name)
  if (host === undefined) throw WasmImportUnknown({ item, offset })
  if (typeText(type) !== typeText(host.type)) {
    throw WasmImportMistyped({ item, found: typeText(type), expected: typeText(host.type), offset })
  }
  if (host.grant !== undefined && !granted.includes(host.grant)) {
    throw WasmImportNotGranted({ item, grant: host.grant, offset })
  }
  index.imports.push({ module, name, typeIndex, host })
}
