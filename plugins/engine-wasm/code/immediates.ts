import type { ByteReader } from '../module/byte-reader.js'
import type { ModuleIndex } from '../module/module-index.js'
import { readReferenceType, readValueType } from '../module/value-types.js'
import { IMMEDIATE } from './opcodes.js'

/** Alignments above 2^31 and the bit that announces a memory index are no alignments here. */
const ALIGNMENTS = 32

/** Passes over what follows an opcode and checks every index in it. `locals`: how many the function has. */
export function skipImmediate (reader: ByteReader, kind: number, index: ModuleIndex, locals: number): void {
  switch (kind) {
    case IMMEDIATE.none: return
    case IMMEDIATE.local: return void skipIndex(reader, locals, 'local')
    case IMMEDIATE.global: return void skipIndex(reader, index.globals, 'global')
    case IMMEDIATE.table: return void skipIndex(reader, index.tables, 'table')
    case IMMEDIATE.memoryAccess: return skipMemoryAccess(reader)
    case IMMEDIATE.memoryIndex: return skipMemoryIndex(reader)
    case IMMEDIATE.i32: return reader.skipSigned(32)
    case IMMEDIATE.i64: return reader.skipSigned(64)
    case IMMEDIATE.f32: return reader.skip(4)
    case IMMEDIATE.f64: return reader.skip(8)
    case IMMEDIATE.lane: return reader.skip(1)
    case IMMEDIATE.sixteenBytes: return reader.skip(16)
    case IMMEDIATE.memoryLane:
      skipMemoryAccess(reader)
      return reader.skip(1)
    case IMMEDIATE.referenceType:
      readReferenceType(reader)
      return
    case IMMEDIATE.selectTypes:
      if (reader.u32() !== 1) reader.invalid('a select names one type')
      readValueType(reader)
  }
}

export function skipIndex (reader: ByteReader, count: number, what: string): number {
  const offset = reader.position
  const value = reader.u32()
  if (value >= count) reader.invalid(`there is no ${what} ${value}`, offset)
  return value
}

export function skipMemoryIndex (reader: ByteReader): void {
  const offset = reader.position
  if (reader.byte() !== 0) reader.invalid('there is only one memory', offset)
}

function skipMemoryAccess (reader: ByteReader): void {
  const offset = reader.position
  if (reader.u32() >= ALIGNMENTS) reader.invalid('an alignment is out of range', offset)
  reader.u32()
}
