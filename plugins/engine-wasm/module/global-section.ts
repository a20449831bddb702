import { WasmFeatureRefused } from '../wasm-errors.js'
import type { ByteReader } from './byte-reader.js'
import type { ByteWriter } from './byte-writer.js'
import { copyConstant } from './constant-expression.js'
import type { ModuleIndex } from './module-index.js'
import { within, type ModuleLimits } from './module-limits.js'
import { readValueType } from './value-types.js'

const I64 = 0x7e
const MUTABLE = 1
const I64_CONST = 0x42
const END = 0x0b

/** Copies the globals and appends the fuel, which begins at 0: nothing runs before the host has filled it. */
export function rewriteGlobals (
  reader: ByteReader | undefined, index: ModuleIndex, limits: ModuleLimits, out: ByteWriter,
): void {
  const count = reader?.u32() ?? 0
  within(limits, 'globals', count, reader ? { offset: reader.position } : {})
  out.u32(count + 1)
  for (let position = 0; reader && position < count; position++) {
    rewriteGlobal(reader, index, out)
    index.globals++
  }
  reader?.finish('the global section')
  out.append([I64, MUTABLE, I64_CONST, 0, END])
}

function rewriteGlobal (reader: ByteReader, index: ModuleIndex, out: ByteWriter): void {
  out.byte(readValueType(reader))
  const offset = reader.position
  const mutability = reader.byte()
  if (mutability === 2 || mutability === 3) {
    throw WasmFeatureRefused({ feature: 'threads', item: 'a shared global', offset })
  }
  if (mutability > 1) reader.invalid('a global is neither constant nor variable', offset)
  out.byte(mutability)
  copyConstant(reader, index, out)
}
