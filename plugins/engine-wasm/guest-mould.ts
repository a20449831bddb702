import type { GuestExports } from './guest-exports.js'
import { bindImports } from './host/bind-imports.js'
import type { GuestSeat } from './host/guest-seat.js'
import type { WordSource } from './host/word-source.js'
import { hookBits } from './module/hooks.js'
import type { WasmArtefact } from './wasm-artefact.js'

/** What all guests of one module in one shard share. */
export interface GuestMould {
  readonly module: WebAssembly.Module
  readonly imports: WebAssembly.Imports
  /** The hooks it has, as bits. */
  readonly hooks: number
  readonly seat: GuestSeat
  readonly frames: WordSource
  /** Instances that are ready for the next guests. */
  readonly ready: GuestExports[]
  /** Whether a guest was made of it before. */
  isUsed: boolean
}

/** Moulds by artefact. */
export class MouldTable {
  readonly #moulds = new WeakMap<WasmArtefact, GuestMould>()

  constructor (private readonly seat: GuestSeat, private readonly frames: WordSource) {}

  /** The mould of an artefact of which guests were made. */
  known (artefact: WasmArtefact): GuestMould | undefined {
    return this.#moulds.get(artefact)
  }

  of (artefact: WasmArtefact): GuestMould {
    const known = this.#moulds.get(artefact)
    if (known !== undefined) return known
    const { seat, frames } = this
    const imports = bindImports(artefact.imports, seat)
    const mould: GuestMould = { module: artefact.module, imports, hooks: hookBits(artefact.hooks), seat, frames, ready: [], isUsed: false }
    this.#moulds.set(artefact, mould)
    return mould
  }
}
