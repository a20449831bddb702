import { WasmFeatureRefused } from '../wasm-errors.js'
import type { ByteReader } from './byte-reader.js'

/** Value types by their byte (core specification 2.0, §5.3.1 to 5.3.4). */
export const VALUE_TYPES: Readonly<Record<number, string>> = {
  0x7f: 'i32', 0x7e: 'i64', 0x7d: 'f32', 0x7c: 'f64', 0x7b: 'v128', 0x70: 'funcref', 0x6f: 'externref',
}

const FUNCREF = 0x70
const EXTERNREF = 0x6f

/**
 * Reads a value type and answers its byte. Types of the garbage collection and exception proposals are refused by
 * name.
 */
export function readValueType (reader: ByteReader): number {
  const offset = reader.position
  const byte = reader.byte()
  if (byte in VALUE_TYPES) return byte
  if (byte >= 0x60 && byte <= 0x7f) {
    const item = `type 0x${byte.toString(16)}`
    throw WasmFeatureRefused({ feature: 'garbage-collected or typed references', item, offset })
  }
  return reader.invalid(`0x${byte.toString(16)} is no value type`, offset)
}

export function readReferenceType (reader: ByteReader): number {
  const offset = reader.position
  const byte = readValueType(reader)
  if (byte !== FUNCREF && byte !== EXTERNREF) reader.invalid(`${VALUE_TYPES[byte]} is no reference type`, offset)
  return byte
}

/** A function's type: bytes of parameter and result types. */
export interface FunctionType {
  readonly parameters: readonly number[]
  readonly results: readonly number[]
}

/** `(i32, i32) -> i32`, as messages and the table of host calls write it. */
export function typeText (type: FunctionType): string {
  const names = (bytes: readonly number[]): string => bytes.map(byte => VALUE_TYPES[byte] ?? '?').join(', ')
  const results = type.results.length === 1 ? names(type.results) : `(${names(type.results)})`
  return `(${names(type.parameters)}) -> ${results}`
}
