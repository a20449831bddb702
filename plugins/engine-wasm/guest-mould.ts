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
}

/** Moulds by artefact. */
export class MouldTable {
  readonly #moulds = new WeakMap<WasmArtefact, GuestMould>()

  constructor (private readonly seat: GuestSeat, private readonly frames: WordSource) {}

  of (artefact: WasmArtefact): GuestMould {
    const known = this.#moulds.get(artefact)
    if (known !== undefined) return known
    const { seat, frames } = this
    const imports = bindImports(artefact.imports, seat)
    const mould = { module: artefact.module, imports, hooks: hookBits(artefact.hooks), seat, frames }
    this.#moulds.set(artefact, mould)
    return mould
  }
}
