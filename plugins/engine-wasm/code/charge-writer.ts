import type { ByteWriter } from '../module/byte-writer.js'
import { BULK_SHIFT } from './cost-table.js'
import { OP } from './opcodes.js'

const EMPTY_BLOCK = 0x40

/**
 * Writes the instructions that take work units from the fuel and trap when none is left. They leave the operand stack
 * as they found it, so they may stand anywhere, also between the parameters of a loop and its body.
 */
export class ChargeWriter {
  /** `fuel`: index of the global. */
  constructor (readonly fuel: number) {}

  /** A charge whose amount is filled in later: returns where. `scratch`: index of an i64 local of our own. */
  reserve (out: ByteWriter, scratch: number): number {
    out.byte(OP.globalGet)
    out.u32(this.fuel)
    out.byte(OP.i64Const)
    const position = out.reserve()
    this.#take(out, scratch)
    return position
  }

  /** A charge that is known. */
  fixed (out: ByteWriter, scratch: number, amount: number): void {
    out.patch(this.reserve(out, scratch), amount)
  }

  /** A charge for as many bytes as the i32 on top of the stack says, divided by eight. */
  bulk (out: ByteWriter, scratch: number): void {
    out.byte(OP.i64Extend)
    out.byte(OP.localTee)
    out.u32(scratch)
    out.byte(OP.i32Wrap)
    out.byte(OP.globalGet)
    out.u32(this.fuel)
    out.byte(OP.localGet)
    out.u32(scratch)
    out.append([OP.i64Const, BULK_SHIFT, OP.i64ShiftRight])
    this.#take(out, scratch)
  }

  /** With the fuel and the amount on the stack: subtracts, stores, checks. */
  #take (out: ByteWriter, scratch: number): void {
    out.append([OP.i64Subtract, OP.localTee])
    out.u32(scratch)
    out.byte(OP.globalSet)
    out.u32(this.fuel)
    out.byte(OP.localGet)
    out.u32(scratch)
    out.append([OP.i64Const, 0, OP.i64Less, OP.if, EMPTY_BLOCK, OP.unreachable, OP.end])
  }
}
