import {
  GuestFault, HOST_RESULTS, type Guest, type GuestHost, type GuestLimits,
} from '../../kernel/contract/index.js'
import { guestExports, type GuestExports } from './guest-exports.js'
import { faultOf, instantiationFault } from './guest-faults.js'
import { bindImports } from './host/bind-imports.js'
import { GuestMemory } from './host/guest-memory.js'
import type { WordSource } from './host/word-source.js'
import type { WasmArtefact } from './wasm-artefact.js'

const LOW_WORD = 0xffff_ffffn

/** One instance. Its code charges for itself; the host fills the tank before each entry. */
export class WasmGuest implements Guest {
  readonly #memory: GuestMemory
  readonly #perMessage: bigint
  readonly #perStart: bigint
  #budget = 0n
  #exports: GuestExports | undefined

  constructor (
    private readonly artefact: WasmArtefact,
    private readonly host: GuestHost,
    private readonly limits: GuestLimits,
    private readonly logBytes: number,
    frames: WordSource,
  ) {
    this.#memory = new GuestMemory(limits.memoryBytes, frames)
    this.#perMessage = BigInt(limits.fuelPerMessage)
    this.#perStart = BigInt(limits.fuelPerStart)
  }

  start (configuration: Uint8Array): number {
    const exports = this.#instantiate()
    return this.#enter(this.#perStart, () => {
      exports.begin?.()
      exports.initialize?.()
      if (!exports.init) return HOST_RESULTS.ok
      const pointer = configuration.length === 0 ? 0 : this.#place(exports, configuration, 0, configuration.length)
      return exports.init(pointer, configuration.length)
    })
  }

  /** The hot path: it allocates nothing unless the guest's memory has grown or the frame is long. */
  handle (frame: Uint8Array, offset: number, length: number): number {
    const exports = this.#running()
    exports.fuel.value = this.#budget = this.#perMessage
    try {
      return exports.handle(this.#place(exports, frame, offset, length), length)
    } catch (error) {
      throw faultOf(error, exports.fuel.value)
    }
  }

  tick (timer: number): number {
    const { tick } = this.#running()
    return tick ? this.#enter(this.#perMessage, () => tick(timer)) : HOST_RESULTS.ok
  }

  save (): Uint8Array | undefined {
    const { save } = this.#running()
    if (!save) return undefined
    return this.#enter(this.#perStart, () => {
      const range = BigInt.asUintN(64, save())
      const offset = Number(range >> 32n)
      const length = Number(range & LOW_WORD)
      if (!this.#memory.holds(offset, length)) {
        throw new GuestFault('memory', `caxton_save answered ${length} bytes at ${offset}, outside its memory`)
      }
      return this.#memory.current().slice(offset, offset + length)
    })
  }

  load (state: Uint8Array, fromVersion: number): number {
    const exports = this.#running()
    const { load } = exports
    if (!load) return HOST_RESULTS.unavailable
    return this.#enter(this.#perStart, () => {
      const pointer = state.length === 0 ? 0 : this.#place(exports, state, 0, state.length)
      return load(pointer, state.length, fromVersion)
    })
  }

  stop (): void {
    const stop = this.#exports?.stop
    if (stop) this.#enter(this.#perStart, stop)
  }

  memoryBytes (): number {
    return this.#exports ? this.#exports.memory.buffer.byteLength : 0
  }

  fuelUsed (): number {
    return this.#exports ? Number(this.#budget - this.#exports.fuel.value) : 0
  }

  #running (): GuestExports {
    if (!this.#exports) throw new GuestFault('rejected', 'it was never started')
    return this.#exports
  }

  /** Runs no code of the guest: its start function is an ordinary export by now. */
  #instantiate (): GuestExports {
    const { artefact, host, limits, logBytes } = this
    const environment = { memory: this.#memory, host, messageBytes: limits.messageBytes, logBytes }
    let instance: WebAssembly.Instance
    try {
      instance = new WebAssembly.Instance(artefact.module, bindImports(artefact.imports, environment))
    } catch (error) {
      throw instantiationFault(error)
    }
    const exports = guestExports(instance)
    if (!exports) throw new GuestFault('rejected', 'it was not prepared by this engine')
    this.#memory.attach(exports.memory)
    this.#exports = exports
    return exports
  }

  /** Enters the guest with a full tank. Not for the hot path: it takes a closure. */
  #enter<T> (fuel: bigint, action: () => T): T {
    const exports = this.#running()
    exports.fuel.value = this.#budget = fuel
    try {
      return action()
    } catch (error) {
      throw faultOf(error, exports.fuel.value)
    }
  }

  /** Copies bytes to where the guest wants them. */
  #place (exports: GuestExports, source: Uint8Array, offset: number, length: number): number {
    const pointer = exports.alloc(length) >>> 0
    if (pointer === 0) throw new GuestFault('rejected', `caxton_alloc refused ${length} bytes`)
    if (!this.#memory.holds(pointer, length)) {
      throw new GuestFault('memory', `caxton_alloc answered ${length} bytes at ${pointer}, outside its memory`)
    }
    this.#memory.put(pointer, source, offset, length)
    return pointer
  }
}
