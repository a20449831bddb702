import { WasmExportMissing, WasmExportMistyped, WasmExportReserved } from '../wasm-errors.js'
import type { ByteReader } from './byte-reader.js'
import type { ByteWriter } from './byte-writer.js'
import type { ModuleIndex } from './module-index.js'
import { within, type ModuleLimits } from './module-limits.js'
import { typeText } from './value-types.js'

/** Names under which the host finds the fuel and the entry of the hooks. */
export const FUEL_EXPORT = '__caxton_fuel'
export const HOOK_EXPORT = '__caxton_hook'
const RESERVED = '__caxton'

const KIND = { function: 0, memory: 2, global: 3, tag: 4 } as const
const KIND_NAMES = ['a function', 'a table', 'a memory', 'a global', 'an exception tag'] as const

/** The agent interface, version 1: the type of every export that the host knows. */
const FUNCTIONS: ReadonlyMap<string, string> = new Map([
  ['caxton_abi_1', '() -> ()'],
  ['caxton_alloc', '(i32) -> i32'],
  ['caxton_handle', '(i32, i32) -> i32'],
  ['_initialize', '() -> ()'],
  ['caxton_init', '(i32, i32) -> i32'],
  ['caxton_tick', '(i32) -> i32'],
  ['caxton_save', '() -> i64'],
  ['caxton_load', '(i32, i32, i32) -> i32'],
  ['caxton_stop', '() -> ()'],
])
/** Entered for every message; the other functions are hooks. */
const HOT: readonly string[] = ['caxton_alloc', 'caxton_handle']
const REQUIRED: readonly string[] = ['caxton_abi_1', 'caxton_alloc', 'caxton_handle']

/** Reads the exports and checks them against the agent interface. */
export function readExports (reader: ByteReader | undefined, index: ModuleIndex, limits: ModuleLimits): void {
  const count = reader?.u32() ?? 0
  within(limits, 'exports', count, reader ? { offset: reader.position } : {})
  for (let position = 0; reader && position < count; position++) readExport(reader, index)
  reader?.finish('the export section')
  if (!index.exports.has('memory')) throw WasmExportMissing({ item: 'memory' })
  for (const name of REQUIRED) if (!index.exports.has(name)) throw WasmExportMissing({ item: name })
  if (index.exports.has('caxton_save') !== index.exports.has('caxton_load')) {
    throw WasmExportMissing({ item: index.exports.has('caxton_save') ? 'caxton_load' : 'caxton_save' })
  }
}

function readExport (reader: ByteReader, index: ModuleIndex): void {
  const offset = reader.position
  const name = reader.name()
  const kind = reader.byte()
  const target = reader.u32()
  if (KIND_NAMES[kind] === undefined) reader.invalid(`0x${kind.toString(16)} is no kind of export`, offset)
  if (kind === KIND.function && target >= index.functions) reader.invalid(`there is no function ${target}`, offset)
  if (kind === KIND.global && target >= index.globals) reader.invalid(`there is no global ${target}`, offset)
  if (name.startsWith(RESERVED)) throw WasmExportReserved({ item: name, offset })
  if (index.exports.has(name)) reader.invalid(`the export "${name}" comes twice`, offset)
  const expected = name === 'memory' ? KIND_NAMES[KIND.memory] : FUNCTIONS.get(name)
  if (expected !== undefined) {
    const found = describe(index, kind, target)
    if (found !== expected) throw WasmExportMistyped({ item: name, found, expected, offset })
  }
  if (kind === KIND.function && !HOT.includes(name)) index.undeclared.push(target)
  index.exports.set(name, { kind, index: target, offset })
}

function describe (index: ModuleIndex, kind: number, target: number): string {
  const type = kind === KIND.function ? index.typeOf(target) : undefined
  return type ? typeText(type) : KIND_NAMES[kind] ?? 'something else'
}

/**
 * Writes what the host uses for every message, the entry of the hooks and the fuel. Other exports are dropped: each
 * would cost every instance an object, and the engine an entry stub for its type.
 */
export function writeExports (index: ModuleIndex, out: ByteWriter): void {
  const kept = [...index.exports].filter(([name]) => name === 'memory' || HOT.includes(name))
  out.u32(kept.length + 2)
  for (const [name, { kind, index: target }] of kept) {
    out.name(name)
    out.byte(kind)
    out.u32(kind === KIND.function ? index.referenceTo(target) : target)
  }
  out.name(HOOK_EXPORT)
  out.byte(KIND.function)
  out.u32(index.hookEntry)
  out.name(FUEL_EXPORT)
  out.byte(KIND.global)
  out.u32(index.globals)
}
