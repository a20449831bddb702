import { WasmFeatureRefused } from '../wasm-errors.js'
import { ByteReader } from './byte-reader.js'
import { ByteWriter } from './byte-writer.js'
import type { ModuleIndex } from './module-index.js'
import { readReferenceType } from './value-types.js'

const OP = {
  end: 0x0b, globalGet: 0x23, i32: 0x41, i64: 0x42, f32: 0x43, f64: 0x44, i32Add: 0x6a, i32Mul: 0x6c, i64Add: 0x7c,
  i64Mul: 0x7e, refNull: 0xd0, refFunc: 0xd2, vector: 0xfd,
} as const
const V128_CONST = 12
const LONGEST = 256

/** Copies an initialiser or offset (core specification 2.0, §3.3.10, and extended constants). */
export function copyConstant (reader: ByteReader, index: ModuleIndex, out: ByteWriter): void {
  for (let count = 0; count < LONGEST; count++) {
    const offset = reader.position
    const op = reader.byte()
    if (op === OP.refFunc) {
      out.byte(op)
      copyFunctionReference(reader, index, out)
      continue
    }
    skipConstant(reader, index, op, offset)
    out.copy(reader.bytes, offset, reader.position)
    if (op === OP.end) return
  }
  reader.invalid('a constant expression is too long')
}

/** The address that an expression of one `i32.const` gives; undefined for every other expression. */
export function addressOf (expression: Uint8Array): number | undefined {
  const reader = new ByteReader(expression)
  if (reader.done || reader.byte() !== OP.i32) return undefined
  const address = reader.i32() >>> 0
  return reader.byte() === OP.end && reader.done ? address : undefined
}

/** The expression that gives an address. */
export function placeOf (address: number): Uint8Array {
  const out = new ByteWriter(8)
  out.byte(OP.i32)
  out.i32(address)
  out.byte(OP.end)
  return out.view()
}

/** Copies the index of a function that is used as a value. */
export function copyFunctionReference (reader: ByteReader, index: ModuleIndex, out: ByteWriter): void {
  const offset = reader.position
  const target = reader.u32()
  if (target >= index.functions) reader.invalid(`there is no function ${target}`, offset)
  out.u32(index.referenceTo(target))
}

function skipConstant (reader: ByteReader, index: ModuleIndex, op: number, offset: number): void {
  if (op === OP.end || (op >= OP.i32Add && op <= OP.i32Mul) || (op >= OP.i64Add && op <= OP.i64Mul)) return
  switch (op) {
    case OP.i32: return reader.skipSigned(32)
    case OP.i64: return reader.skipSigned(64)
    case OP.f32: return reader.skip(4)
    case OP.f64: return reader.skip(8)
    case OP.refNull: return void readReferenceType(reader)
    case OP.globalGet: {
      const target = reader.u32()
      if (target >= index.globals) reader.invalid(`there is no global ${target}`, offset)
      return
    }
    case OP.vector:
      if (reader.u32() === V128_CONST) return reader.skip(16)
  }
  const item = `opcode 0x${op.toString(16)}`
  throw WasmFeatureRefused({ feature: 'instructions that are no constants', item, offset })
}
