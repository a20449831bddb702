import type { CryptoKey } from 'jose'
import { orAborted, type Clock, type SecurityEvents, type Timer } from '../../kernel/contract/index.js'
import { KeySet } from './key-set.js'
import type { KeySource } from './key-source.js'

/** How long keys hold, in milliseconds. */
export interface KeyTerms {
  readonly refresh: number
  readonly keep: number
  readonly retry: number
}

/** What a token of one issuer may be signed with. */
export interface IssuerKeyRing {
  /** Changes whenever the keys do, so that what an old key has proven is looked at again. */
  readonly generation: number
  /** Why no key is to be trusted at present; undefined: all is well. */
  doubt (): string | undefined
  /** Why the keys could not be read the last time, for the operator. */
  trouble (): string | undefined
  /** The keys that a token with this header may be signed with; empty: none. */
  keysFor (alg: string, kid: string | undefined, signal: AbortSignal): Promise<ReadonlyArray<CryptoKey | Uint8Array>>
}

/** A secret that the issuer shares with this server. */
export class SharedSecret implements IssuerKeyRing {
  readonly generation = 0

  constructor (private readonly secret: Uint8Array) {}

  doubt (): undefined {}

  trouble (): undefined {}

  async keysFor (): Promise<readonly Uint8Array[]> {
    return [this.secret]
  }
}

/**
 * Public keys that are read anew from time to time, and at once, but not too often, when a token names one that is not there. When that
 * fails the last ones hold for a while.
 */
export class PublicKeyRing implements IssuerKeyRing {
  generation = 0
  #set: KeySet | undefined
  #text = ''
  #readAt = -Infinity
  #triedAt = -Infinity
  #trouble: string | undefined
  #reading: Promise<void> | undefined
  #timer: Timer | undefined
  readonly #ending = new AbortController()

  constructor (
    private readonly source: KeySource,
    private readonly terms: KeyTerms,
    private readonly clock: Clock,
    private readonly events: SecurityEvents,
  ) {}

  /** Reads the keys for the first time, and goes on. Resolves when that has succeeded or failed. */
  async start (): Promise<void> {
    await this.#read()
  }

  async stop (): Promise<void> {
    this.#ending.abort(new Error('the server stops'))
    this.#timer?.cancel()
    await this.#reading
  }

  doubt (): string | undefined {
    if (this.clock.elapsed() - this.#readAt <= this.terms.keep) return undefined
    return `the keys in ${this.source.place} could not be read for too long`
  }

  trouble (): string | undefined {
    return this.#trouble
  }

  async keysFor (alg: string, kid: string | undefined, signal: AbortSignal): Promise<readonly CryptoKey[]> {
    const known = await this.#set?.keysFor(alg, kid) ?? []
    if (known.length > 0 || !this.#mayRead()) return known
    await orAborted(this.#read(), signal)
    return await this.#set?.keysFor(alg, kid) ?? []
  }

  /** While they are being read anyway, whoever misses a key waits for that. */
  #mayRead (): boolean {
    return this.#reading !== undefined || this.clock.elapsed() - this.#triedAt >= this.terms.retry
  }

  #read (): Promise<void> {
    return this.#reading ??= this.#load().finally(() => {
      this.#reading = undefined
      this.#readLater()
    })
  }

  #readLater (): void {
    this.#timer?.cancel()
    if (this.#ending.signal.aborted) return
    const wait = this.#trouble === undefined ? this.terms.refresh : Math.min(this.terms.retry, this.terms.refresh)
    this.#timer = this.clock.after(wait, () => { this.#read().catch(() => {}) })
  }

  /** Never rejects. */
  async #load (): Promise<void> {
    this.#triedAt = this.clock.elapsed()
    try {
      const text = await this.source.read(this.#ending.signal)
      if (text !== this.#text || this.#set === undefined) this.#take(text)
      this.#readAt = this.clock.elapsed()
      if (this.#trouble !== undefined) this.#note('issuer-keys-readable', 'ok')
      this.#trouble = undefined
    } catch (error) {
      if (this.#ending.signal.aborted) return
      const because = error instanceof Error ? error.message : String(error)
      if (because !== this.#trouble) this.#note('issuer-keys-unreadable', 'warning', because)
      this.#trouble = because
    }
  }

  #take (text: string): void {
    this.#set = KeySet.read(text)
    this.#text = text
    this.generation += 1
    this.#note('issuer-keys-replaced', 'ok')
  }

  #note (what: string, result: 'ok' | 'warning', because?: string): void {
    this.events.note({ what, resource: this.source.place, result, ...because === undefined ? {} : { because } })
  }
}
