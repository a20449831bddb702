import type { ByteReader } from '../module/byte-reader.js'
import type { ByteWriter } from '../module/byte-writer.js'
import type { ModuleIndex } from '../module/module-index.js'
import { within, type ModuleLimits } from '../module/module-limits.js'
import { VALUE_TYPES, readValueType, type FunctionType } from '../module/value-types.js'
import type { ChargeWriter } from './charge-writer.js'
import { BLOCK, type ControlFlow } from './control-flow.js'
import { COST } from './cost-table.js'
import { skipIndex } from './immediates.js'
import { OP } from './opcodes.js'

/** What the control instructions need to know and do. */
export interface ControlContext {
  readonly reader: ByteReader
  readonly out: ByteWriter
  readonly flow: ControlFlow
  readonly charges: ChargeWriter
  readonly index: ModuleIndex
  readonly limits: ModuleLimits
  readonly locals: number
  /** Offset of the opcode. */
  readonly offset: number
  flush (end: number): void
  compileEffort (times: number): void
  /** Charges for the instruction just read, before it runs. */
  chargeHere (amount: number): void
}

/** A call makes the baseline compiler visit every local and operand too, but does little with each. */
const CALL_EFFORT = 0.25
/** A loop header saves them all, and holds our charge with a branch of its own. */
const LOOP_EFFORT = 4
const NO_VALUES: FunctionType = { parameters: [], results: [] }
const EMPTY_BLOCK = 0x40

/** Reads one of the control instructions and accounts for it. */
export function skipControl (context: ControlContext, opcode: number): void {
  const { flow } = context
  switch (opcode) {
    case OP.block: return open(context, BLOCK.block)
    case OP.loop: return openLoop(context)
    case OP.if:
      flow.step(COST.instruction, -1)
      return open(context, BLOCK.if)
    case OP.else:
      context.compileEffort(1)
      if (!flow.otherwise()) context.reader.invalid('an else has no if', context.offset)
      return
    case OP.end: return close(context)
    case OP.br:
      jump(context)
      return flow.stop()
    case OP.brIf:
      flow.step(COST.instruction, -1)
      return jump(context)
    case OP.brTable: return jumpByTable(context)
    case OP.unreachable: return flow.stop()
    case OP.return:
      flow.step(COST.instruction, 0)
      return flow.stop()
    default: return call(context, opcode)
  }
}

function open (context: ControlContext, kind: number): void {
  const type = readBlockType(context)
  context.compileEffort(1)
  context.flow.step(COST.instruction, 0)
  checkNesting(context)
  context.flow.open(kind, type.parameters.length, type.results.length)
}

/** A loop's charge stands first in its body, so that every jump back to its header pays. */
function openLoop (context: ControlContext): void {
  const type = readBlockType(context)
  context.compileEffort(LOOP_EFFORT)
  checkNesting(context)
  context.flush(context.reader.position)
  const charge = context.charges.reserve(context.out, context.locals)
  context.flow.openLoop(type.parameters.length, type.results.length, charge)
  context.flow.step(COST.instruction, 0)
}

function close (context: ControlContext): void {
  const { flow } = context
  const kind = flow.close()
  if (kind !== BLOCK.loop && kind !== BLOCK.function) return
  context.out.patch(flow.charge, flow.longest + COST.charge)
  if (kind === BLOCK.loop) flow.leaveRegion()
}

function jump (context: ControlContext): void {
  const distance = skipIndex(context.reader, context.flow.depth, 'block')
  context.compileEffort(1)
  context.flow.step(COST.instruction, 0)
  context.flow.jump(distance)
}

function jumpByTable (context: ControlContext): void {
  const { reader, flow } = context
  const targets = reader.u32()
  within(context.limits, 'branchTargets', targets, { offset: context.offset })
  flow.step(2 * COST.instruction, -1)
  for (let target = 0; target <= targets; target++) flow.jump(skipIndex(reader, flow.depth, 'block'))
  context.compileEffort(targets + 1)
  flow.stop()
}

function call (context: ControlContext, opcode: number): void {
  const { reader, flow, index } = context
  const indirect = opcode === OP.callIndirect || opcode === OP.returnCallIndirect
  let type: FunctionType | undefined
  let cost: number = COST.instruction + COST.call
  if (indirect) {
    type = index.types[skipIndex(reader, index.types.length, 'type')]
    skipIndex(reader, index.tables, 'table')
    cost = COST.instruction + COST.callIndirect
  } else {
    const target = skipIndex(reader, index.functions, 'function')
    type = index.typeOf(target)
    const price = index.imports[target]?.host.price ?? 0
    if (price > 0) context.chargeHere(price)
  }
  const { parameters, results } = type ?? NO_VALUES
  context.compileEffort(CALL_EFFORT)
  flow.step(cost, results.length - parameters.length - (indirect ? 1 : 0))
  if (opcode === OP.returnCall || opcode === OP.returnCallIndirect) flow.stop()
}

/** One value type, nothing, or the index of a function type (core specification 2.0, §5.4.1). */
function readBlockType (context: ControlContext): FunctionType {
  const { reader, index } = context
  const offset = reader.position
  const byte = reader.bytes[offset] ?? 0
  if (byte === EMPTY_BLOCK) {
    reader.skip(1)
    return NO_VALUES
  }
  if (byte >= EMPTY_BLOCK && byte < 0x80) {
    const type = readValueType(reader)
    return SINGLE[type] ?? NO_VALUES
  }
  const start = reader.position
  reader.skipSigned(33)
  if (((reader.bytes[reader.position - 1] ?? 0) & 0x40) !== 0) reader.invalid('there is no such block type', offset)
  reader.position = start
  return index.typeAt(reader, reader.u32(), offset)
}

const SINGLE: Readonly<Record<number, FunctionType>> = Object.fromEntries(
  Object.keys(VALUE_TYPES).map(type => [type, { parameters: [], results: [Number(type)] }]),
)

function checkNesting (context: ControlContext): void {
  within(context.limits, 'nesting', context.flow.depth, { offset: context.offset })
}
