import type { CreateFactory, Guest, GuestFactory, GuestHost, GuestLimits } from '../../kernel/contract/index.js'
import { WordSource } from './host/word-source.js'
import { isArtefact } from './wasm-artefact.js'
import { WasmGuest } from './wasm-guest.js'
import { readSettings, type WasmSettings } from './wasm-settings.js'

/** Makes guests of prepared modules. Nothing of the guest runs before its `start`. */
export class WasmGuestFactory implements GuestFactory {
  readonly #frames = new WordSource()

  constructor (private readonly settings: WasmSettings) {}

  create (artefact: unknown, host: GuestHost, limits: GuestLimits): Guest {
    if (!isArtefact(artefact)) throw new TypeError('engine-wasm was handed an artefact that it did not prepare')
    return new WasmGuest(artefact, host, limits, this.settings.logBytes, this.#frames)
  }
}

/** For every shard. */
export const createFactory: CreateFactory = async settings => new WasmGuestFactory(readSettings(settings))
