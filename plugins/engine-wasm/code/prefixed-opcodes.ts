import { COST } from './cost-table.js'
import { IMMEDIATE, opcodeTable, type OpcodeRow, type OpcodeTable } from './opcodes.js'

/** Opcodes behind 0xFC. */
export const NUMERIC = { memoryInit: 8, dataDrop: 9, memoryCopy: 10, memoryFill: 11, tableSize: 16 } as const
export const LAST_SATURATING = 7

/** What the refused ones behind 0xFC are called. */
export const REFUSED_NUMERIC: Readonly<Record<number, string>> = {
  12: 'table.init', 13: 'elem.drop', 14: 'table.copy', 15: 'table.grow', 17: 'table.fill',
}

const { none, lane, memoryAccess, memoryLane, sixteenBytes, refused } = IMMEDIATE
const more = COST.vector

/**
 * Opcodes behind 0xFD: 128-bit vectors (core specification 2.0 §5.4.9). Above 255 come the relaxed ones, which are
 * refused.
 */
const ROWS: readonly OpcodeRow[] = [
  [0x00, 0x0a, memoryAccess, 0, more],
  [0x0b, 0x0b, memoryAccess, -2, more],
  [0x0c, 0x0c, sixteenBytes, 1, more],
  [0x0d, 0x0d, sixteenBytes, -1, more],
  [0x0e, 0x0e, none, -1, more],
  [0x0f, 0x14, none, 0, more],
  [0x15, 0x16, lane, 0, more],
  [0x17, 0x17, lane, -1, more],
  [0x18, 0x19, lane, 0, more],
  [0x1a, 0x1a, lane, -1, more],
  [0x1b, 0x1b, lane, 0, more],
  [0x1c, 0x1c, lane, -1, more],
  [0x1d, 0x1d, lane, 0, more],
  [0x1e, 0x1e, lane, -1, more],
  [0x1f, 0x1f, lane, 0, more],
  [0x20, 0x20, lane, -1, more],
  [0x21, 0x21, lane, 0, more],
  [0x22, 0x22, lane, -1, more],
  [0x23, 0x4c, none, -1, more],
  [0x4d, 0x4d, none, 0, more],
  [0x4e, 0x51, none, -1, more],
  [0x52, 0x52, none, -2, more],
  [0x53, 0x53, none, 0, more],
  [0x54, 0x57, memoryLane, -1, more],
  [0x58, 0x5b, memoryLane, -2, more],
  [0x5c, 0x5d, memoryAccess, 0, more],
  [0x5e, 0x64, none, 0, more],
  [0x65, 0x66, none, -1, more],
  [0x67, 0x6a, none, 0, more],
  [0x6b, 0x73, none, -1, more],
  [0x74, 0x75, none, 0, more],
  [0x76, 0x79, none, -1, more],
  [0x7a, 0x7a, none, 0, more],
  [0x7b, 0x7b, none, -1, more],
  [0x7c, 0x81, none, 0, more],
  [0x82, 0x82, none, -1, more],
  [0x83, 0x84, none, 0, more],
  [0x85, 0x86, none, -1, more],
  [0x87, 0x8a, none, 0, more],
  [0x8b, 0x93, none, -1, more],
  [0x94, 0x94, none, 0, more],
  [0x95, 0x9f, none, -1, more],
  [0xa0, 0xa1, none, 0, more],
  [0xa3, 0xa4, none, 0, more],
  [0xa7, 0xaa, none, 0, more],
  [0xab, 0xbf, none, -1, more],
  [0xc0, 0xc1, none, 0, more],
  [0xc3, 0xc4, none, 0, more],
  [0xc7, 0xca, none, 0, more],
  [0xcb, 0xdf, none, -1, more],
  [0xe0, 0xe1, none, 0, more],
  [0xe3, 0xe3, none, 0, COST.squareRoot],
  [0xe4, 0xe6, none, -1, more],
  [0xe7, 0xe7, none, -1, COST.floatDivision],
  [0xe8, 0xeb, none, -1, more],
  [0xec, 0xed, none, 0, more],
  [0xef, 0xef, none, 0, COST.squareRoot],
  [0xf0, 0xf2, none, -1, more],
  [0xf3, 0xf3, none, -1, COST.floatDivision],
  [0xf4, 0xf7, none, -1, more],
  [0xf8, 0xff, none, 0, more],
  ...[0x9a, 0xaf, 0xb0, 0xb2, 0xb3, 0xb4, 0xbb, 0xcf, 0xd0, 0xd2, 0xd3, 0xd4]
    .map((gap): OpcodeRow => [gap, gap, refused, 0]),
]

export const VECTOR_OPCODES: OpcodeTable = opcodeTable(ROWS)
