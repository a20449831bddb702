import { COST } from './cost-table.js'

/** What follows an opcode. */
export const IMMEDIATE = {
  refused: 0, none: 1, local: 2, global: 3, table: 4, memoryAccess: 5, memoryIndex: 6, i32: 7, i64: 8, f32: 9, f64: 10,
  selectTypes: 11, referenceType: 12, functionIndex: 13, control: 14, lane: 15, memoryLane: 16, sixteenBytes: 17,
} as const

/**
 * The instructions that may be used: what follows each, its cost, and how many operands it leaves more than it takes.
 */
export interface OpcodeTable {
  readonly immediate: Uint8Array
  readonly cost: Uint16Array
  readonly net: Int8Array
}

/** First and last opcode, what follows, net operands, surcharge. */
export type OpcodeRow = readonly [first: number, last: number, immediate: number, net: number, surcharge?: number]

export function opcodeTable (rows: readonly OpcodeRow[]): OpcodeTable {
  const table = { immediate: new Uint8Array(256), cost: new Uint16Array(256), net: new Int8Array(256) }
  for (const [first, last, immediate, net, surcharge = 0] of rows) {
    table.immediate.fill(immediate, first, last + 1)
    table.net.fill(net, first, last + 1)
    table.cost.fill(COST.instruction + surcharge, first, last + 1)
  }
  return table
}

export const OP = {
  unreachable: 0x00, block: 0x02, loop: 0x03, if: 0x04, else: 0x05, end: 0x0b, br: 0x0c, brIf: 0x0d, brTable: 0x0e,
  return: 0x0f, call: 0x10, callIndirect: 0x11, returnCall: 0x12, returnCallIndirect: 0x13,
  localGet: 0x20, localTee: 0x22, globalGet: 0x23, globalSet: 0x24, i32Const: 0x41, i64Const: 0x42, i32Equal: 0x46,
  i64Less: 0x53, i64Subtract: 0x7d, i64ShiftRight: 0x88, i32Wrap: 0xa7, i64ExtendSigned: 0xac, i64Extend: 0xad,
  garbageCollection: 0xfb, numeric: 0xfc, vector: 0xfd, atomic: 0xfe,
} as const

const { none, control } = IMMEDIATE

/** Core specification 2.0 §5.4, with tail calls; whatever is not listed is refused. */
const ROWS: readonly OpcodeRow[] = [
  [0x00, 0x00, control, 0],
  [0x01, 0x01, none, 0],
  [0x02, 0x05, control, 0],
  [0x0b, 0x13, control, 0],
  [0x1a, 0x1a, none, -1],
  [0x1b, 0x1b, none, -2],
  [0x1c, 0x1c, IMMEDIATE.selectTypes, -2],
  [0x20, 0x20, IMMEDIATE.local, 1],
  [0x21, 0x21, IMMEDIATE.local, -1],
  [0x22, 0x22, IMMEDIATE.local, 0],
  [0x23, 0x23, IMMEDIATE.global, 1],
  [0x24, 0x24, IMMEDIATE.global, -1],
  [0x25, 0x25, IMMEDIATE.table, 0, COST.functionReference],
  [0x26, 0x26, IMMEDIATE.table, -2],
  [0x28, 0x35, IMMEDIATE.memoryAccess, 0],
  [0x36, 0x3e, IMMEDIATE.memoryAccess, -2],
  [0x3f, 0x3f, IMMEDIATE.memoryIndex, 1],
  [0x40, 0x40, IMMEDIATE.memoryIndex, 0, COST.memoryGrow],
  [0x41, 0x41, IMMEDIATE.i32, 1],
  [0x42, 0x42, IMMEDIATE.i64, 1],
  [0x43, 0x43, IMMEDIATE.f32, 1],
  [0x44, 0x44, IMMEDIATE.f64, 1],
  [0x45, 0x45, none, 0],
  [0x46, 0x4f, none, -1],
  [0x50, 0x50, none, 0],
  [0x51, 0x66, none, -1],
  [0x67, 0x69, none, 0],
  [0x6a, 0x6c, none, -1],
  [0x6d, 0x70, none, -1, COST.integerDivision],
  [0x71, 0x78, none, -1],
  [0x79, 0x7b, none, 0],
  [0x7c, 0x7e, none, -1],
  [0x7f, 0x82, none, -1, COST.integerDivision],
  [0x83, 0x8a, none, -1],
  [0x8b, 0x90, none, 0],
  [0x91, 0x91, none, 0, COST.squareRoot],
  [0x92, 0x94, none, -1],
  [0x95, 0x95, none, -1, COST.floatDivision],
  [0x96, 0x98, none, -1],
  [0x99, 0x9e, none, 0],
  [0x9f, 0x9f, none, 0, COST.squareRoot],
  [0xa0, 0xa2, none, -1],
  [0xa3, 0xa3, none, -1, COST.floatDivision],
  [0xa4, 0xa6, none, -1],
  [0xa7, 0xc4, none, 0],
  [0xd0, 0xd0, IMMEDIATE.referenceType, 1],
  [0xd1, 0xd1, none, 0],
  [0xd2, 0xd2, IMMEDIATE.functionIndex, 1, COST.functionReference],
]

export const OPCODES: OpcodeTable = opcodeTable(ROWS)

/** Which proposal a refused opcode belongs to. */
export function refusedFeature (opcode: number): string {
  if ((opcode >= 0x06 && opcode <= 0x0a) || opcode === 0x18 || opcode === 0x19 || opcode === 0x1f) return 'exceptions'
  if (opcode === OP.garbageCollection || opcode === 0xd3) return 'garbage-collected types'
  if (opcode === 0x14 || opcode === 0x15 || (opcode >= 0xd4 && opcode <= 0xd6)) return 'typed function references'
  if (opcode === OP.atomic) return 'threads'
  return 'an unknown instruction'
}
