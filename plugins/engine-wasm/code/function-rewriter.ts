import type { ByteReader } from '../module/byte-reader.js'
import { ByteWriter } from '../module/byte-writer.js'
import type { ModuleIndex } from '../module/module-index.js'
import { within, type ModuleLimits } from '../module/module-limits.js'
import { readValueType, type FunctionType } from '../module/value-types.js'
import { WasmFeatureRefused } from '../wasm-errors.js'
import { ChargeWriter } from './charge-writer.js'
import { ControlFlow } from './control-flow.js'
import { CHEAP, COST } from './cost-table.js'
import { skipControl, type ControlContext } from './control-instructions.js'
import { skipImmediate, skipIndex, skipMemoryIndex } from './immediates.js'
import { IMMEDIATE, OP, OPCODES, refusedFeature } from './opcodes.js'
import { LAST_SATURATING, NUMERIC, REFUSED_NUMERIC, VECTOR_OPCODES } from './prefixed-opcodes.js'

const I64 = 0x7e

/**
 * Copies function bodies, refusing what agents may not use and adding the charges. One is used for all bodies of a
 * module.
 */
export class FunctionRewriter implements ControlContext {
  readonly out = new ByteWriter(4096)
  readonly flow: ControlFlow
  readonly charges: ChargeWriter
  /** Locals of the current function, without our own, which has the next index. */
  locals = 0
  reader: ByteReader
  /** Offset of the opcode being read. */
  offset = 0
  #effort = 0
  #totalEffort = 0
  #copied = 0

  constructor (readonly index: ModuleIndex, readonly limits: ModuleLimits, reader: ByteReader) {
    this.reader = reader
    this.flow = new ControlFlow(limits.nesting)
    this.charges = new ChargeWriter(index.globals)
  }

  /** Answers the new body, without its size; valid until the next call. */
  rewrite (body: ByteReader, type: FunctionType): Uint8Array {
    this.reader = body
    this.out.clear()
    this.#effort = 0
    const declared = this.#copyLocals(type.parameters.length)
    this.flow.begin(type.results.length, this.charges.reserve(this.out, this.locals))
    this.flow.step(declared, 0)
    this.#copied = body.position
    while (this.flow.depth > 0) this.#instruction()
    body.finish('a function body')
    this.flush(body.position)
    this.#totalEffort += this.#effort
    within(this.limits, 'moduleEffort', this.#totalEffort, { offset: body.end })
    return this.out.view()
  }

  /** Copies the input up to here. */
  flush (end: number): void {
    this.out.copy(this.reader.bytes, this.#copied, end)
    this.#copied = end
  }

  chargeHere (amount: number): void {
    const end = this.reader.position
    this.flush(this.offset)
    this.charges.fixed(this.out, this.locals, amount)
    this.flush(end)
    this.compileEffort(1)
    this.flow.step(COST.charge, 0)
  }

  /** Counts what the baseline compiler does at a branch: it visits every local and operand. */
  compileEffort (times: number): void {
    this.#effort += times * (this.locals + this.flow.height)
    if (this.#effort > this.limits.functionEffort) {
      within(this.limits, 'functionEffort', Math.ceil(this.#effort), { offset: this.offset })
    }
  }

  #copyLocals (parameters: number): number {
    const { reader, out } = this
    const groups = reader.u32()
    out.u32(groups + 1)
    this.locals = parameters
    for (let group = 0; group < groups; group++) {
      const offset = reader.position
      const count = reader.u32()
      this.locals += count
      within(this.limits, 'locals', this.locals, { offset })
      out.u32(count)
      out.byte(readValueType(reader))
    }
    out.append([1, I64])
    return this.locals - parameters
  }

  #instruction (): void {
    const { reader, flow } = this
    this.offset = reader.position
    const opcode = reader.byte()
    const kind = OPCODES.immediate[opcode] ?? IMMEDIATE.refused
    if (kind === IMMEDIATE.control) skipControl(this, opcode)
    else if (kind === IMMEDIATE.refused) this.#prefixed(opcode)
    else {
      const cost = OPCODES.cost[opcode] ?? 0
      if (cost > CHEAP) this.chargeHere(cost)
      if (kind === IMMEDIATE.functionIndex) this.#functionReference()
      else skipImmediate(reader, kind, this.index, this.locals)
      flow.step(cost > CHEAP ? 0 : cost, OPCODES.net[opcode] ?? 0)
    }
    if (flow.height > this.limits.operands) {
      within(this.limits, 'operands', flow.height, { offset: this.offset })
    }
  }

  #functionReference (): void {
    const target = skipIndex(this.reader, this.index.functions, 'function')
    this.out.u32(this.index.referenceTo(target))
    this.#copied = this.reader.position
  }

  #prefixed (opcode: number): void {
    if (opcode === OP.vector) return this.#vector()
    if (opcode === OP.numeric) return this.#numeric()
    return this.#refuse(refusedFeature(opcode), `opcode 0x${opcode.toString(16).padStart(2, '0')}`)
  }

  #vector (): void {
    const opcode = this.reader.u32()
    const kind = VECTOR_OPCODES.immediate[opcode] ?? IMMEDIATE.refused
    if (kind === IMMEDIATE.refused) {
      this.#refuse(opcode > 0xff ? 'relaxed vector instructions' : 'an unknown instruction', `vector opcode ${opcode}`)
    }
    skipImmediate(this.reader, kind, this.index, this.locals)
    this.flow.step(VECTOR_OPCODES.cost[opcode] ?? 0, VECTOR_OPCODES.net[opcode] ?? 0)
  }

  #numeric (): void {
    const { reader, flow } = this
    const opcode = reader.u32()
    if (opcode <= LAST_SATURATING) return flow.step(COST.instruction, 0)
    switch (opcode) {
      case NUMERIC.tableSize:
        skipIndex(reader, this.index.tables, 'table')
        return flow.step(COST.instruction, 1)
      case NUMERIC.dataDrop:
        this.index.namesSegments = true
        reader.u32()
        return flow.step(COST.instruction, 0)
      case NUMERIC.memoryInit:
        this.index.namesSegments = true
        reader.u32()
        skipMemoryIndex(reader)
        return this.#bulk()
      case NUMERIC.memoryCopy:
        skipMemoryIndex(reader)
        skipMemoryIndex(reader)
        return this.#bulk()
      case NUMERIC.memoryFill:
        skipMemoryIndex(reader)
        return this.#bulk()
    }
    const name = REFUSED_NUMERIC[opcode]
    if (name) this.#refuse('bulk table instructions', name)
    this.#refuse('an unknown instruction', `0xfc ${opcode}`)
  }

  /** Puts the charge for the length before the instruction. */
  #bulk (): void {
    const end = this.reader.position
    this.flush(this.offset)
    this.charges.bulk(this.out, this.locals)
    this.flush(end)
    this.compileEffort(1)
    this.flow.step(COST.instruction + COST.charge, -3)
  }

  #refuse (feature: string, item: string): never {
    throw WasmFeatureRefused({ feature, item, offset: this.offset })
  }
}
