import { GuestFault, HOST_RESULTS, type Guest, type GuestHost } from '../../kernel/contract/in-shard.js'
import type { GuestExports } from './guest-exports.js'
import { faultOf } from './guest-faults.js'
import type { GuestMould } from './guest-mould.js'
import type { GuestTerms } from './guest-terms.js'
import { GuestMemory } from './host/guest-memory.js'
import type { Occupant } from './host/guest-seat.js'
import type { Instances } from './instances.js'
import { HOOK, type HookName } from './module/hooks.js'

const LOW_WORD = 0xffff_ffffn

/**
 * One instance. Its code charges for itself; for each entry the host fills the tank and gives it the seat, so that the
 * functions it imports act for it and nobody else.
 */
export class WasmGuest implements Guest, Occupant {
  readonly memory: GuestMemory
  #budget = 0n
  #exports: GuestExports | undefined

  constructor (
    private readonly mould: GuestMould, private readonly instances: Instances, readonly host: GuestHost, readonly terms: GuestTerms,
  ) {
    this.memory = new GuestMemory(terms.memoryBytes, mould.frames)
  }

  start (configuration: Uint8Array): number {
    this.#exports = this.instances.take(this.mould)
    this.memory.attach(this.#exports.memory)
    return this.#enter(this.terms.perStart, exports => {
      if (this.#has('begin')) exports.hook(HOOK.begin, 0, 0, 0)
      if (this.#has('initialize')) exports.hook(HOOK.initialize, 0, 0, 0)
      return this.#has('init') ? this.#hand(exports, HOOK.init, configuration, 0) : HOST_RESULTS.ok
    })
  }

  /** The hot path: it allocates nothing unless the guest's memory has grown or the frame is long. */
  handle (frame: Uint8Array, offset: number, length: number): number {
    const exports = this.#running()
    exports.fuel.value = this.#budget = this.terms.perMessage
    this.mould.seat.occupant = this
    try {
      return exports.handle(this.#place(exports, frame, offset, length), length)
    } catch (error) {
      throw faultOf(error, exports.fuel.value)
    } finally {
      this.mould.seat.leave()
    }
  }

  tick (timer: number): number {
    this.#running()
    if (!this.#has('tick')) return HOST_RESULTS.ok
    return this.#enter(this.terms.perMessage, ({ hook }) => Number(hook(HOOK.tick, timer, 0, 0)))
  }

  save (): Uint8Array | undefined {
    this.#running()
    if (!this.#has('save')) return undefined
    return this.#enter(this.terms.perStart, ({ hook }) => {
      const range = BigInt.asUintN(64, hook(HOOK.save, 0, 0, 0))
      const offset = Number(range >> 32n)
      const length = Number(range & LOW_WORD)
      if (!this.memory.holds(offset, length)) {
        throw new GuestFault('memory', `caxton_save answered ${length} bytes at ${offset}, outside its memory`)
      }
      return this.memory.current().slice(offset, offset + length)
    })
  }

  load (state: Uint8Array, fromVersion: number): number {
    this.#running()
    if (!this.#has('load')) return HOST_RESULTS.unavailable
    return this.#enter(this.terms.perStart, exports => this.#hand(exports, HOOK.load, state, fromVersion))
  }

  stop (): void {
    if (this.#exports && this.#has('stop')) this.#enter(this.terms.perStart, ({ hook }) => hook(HOOK.stop, 0, 0, 0))
  }

  memoryBytes (): number {
    return this.#exports ? this.#exports.memory.buffer.byteLength : 0
  }

  fuelUsed (): number {
    return this.#exports ? Number(this.#budget - this.#exports.fuel.value) : 0
  }

  #has (hook: HookName): boolean {
    return (this.mould.hooks & 1 << HOOK[hook]) !== 0
  }

  #running (): GuestExports {
    if (!this.#exports) throw new GuestFault('rejected', 'it was never started')
    return this.#exports
  }

  /** Enters the guest with a full tank. Not for the hot path: it takes a closure. */
  #enter<T> (fuel: bigint, action: (exports: GuestExports) => T): T {
    const exports = this.#running()
    exports.fuel.value = this.#budget = fuel
    this.mould.seat.occupant = this
    try {
      return action(exports)
    } catch (error) {
      throw faultOf(error, exports.fuel.value)
    } finally {
      this.mould.seat.leave()
    }
  }

  /** Enters a hook that takes bytes. */
  #hand (exports: GuestExports, hook: number, bytes: Uint8Array, more: number): number {
    const pointer = bytes.length === 0 ? 0 : this.#place(exports, bytes, 0, bytes.length)
    return Number(exports.hook(hook, pointer, bytes.length, more))
  }

  /** Copies bytes to where the guest wants them. */
  #place (exports: GuestExports, source: Uint8Array, offset: number, length: number): number {
    const pointer = exports.alloc(length) >>> 0
    if (pointer === 0) throw new GuestFault('rejected', `caxton_alloc refused ${length} bytes`)
    if (!this.memory.holds(pointer, length)) {
      throw new GuestFault('memory', `caxton_alloc answered ${length} bytes at ${pointer}, outside its memory`)
    }
    this.memory.put(pointer, source, offset, length)
    return pointer
  }
}
