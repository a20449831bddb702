import type { CreateFactory, Guest, GuestFactory, GuestHost, GuestLimits } from '../../kernel/contract/in-shard.js'
import { MouldTable } from './guest-mould.js'
import { TermsTable } from './guest-terms.js'
import { GuestSeat } from './host/guest-seat.js'
import { WordSource } from './host/word-source.js'
import { Instances } from './instances.js'
import { isArtefact } from './wasm-artefact.js'
import { WasmGuest } from './wasm-guest.js'
import { readSettings, type WasmSettings } from './wasm-settings.js'

/** Makes guests of prepared modules. Nothing of the guest runs before its `start`. */
export class WasmGuestFactory implements GuestFactory {
  readonly #moulds: MouldTable
  readonly #terms = new TermsTable()
  readonly #instances = new Instances()

  constructor (settings: WasmSettings) {
    this.#moulds = new MouldTable(new GuestSeat(settings.logBytes), new WordSource())
  }

  create (artefact: unknown, host: GuestHost, limits: GuestLimits): Guest {
    if (!isArtefact(artefact)) throw new TypeError('engine-wasm was handed an artefact that it did not prepare')
    return new WasmGuest(this.#moulds.of(artefact), this.#instances, host, this.#terms.of(limits))
  }

  makeReady (): boolean {
    return this.#instances.makeReady()
  }

  forget (artefact: unknown): void {
    const mould = isArtefact(artefact) ? this.#moulds.known(artefact) : undefined
    if (mould !== undefined) this.#instances.forget(mould)
  }
}

/** For every shard. */
export const createFactory: CreateFactory = async settings => new WasmGuestFactory(readSettings(settings))
