import { createHash } from 'node:crypto'
import { addToHash, spreadBits } from '../../kernel/contract/index.js'

/** How fast something may happen: so many at once, then so many a second. */
export interface Rate {
  readonly perSecond: number
  readonly burst: number
}

/** Longer names are kept by their hash, so that memory has a bound. */
const LONGEST_KEY = 128
/** Buckets that newcomers share when the table is full, and buckets that are looked at for one that can go. */
const SHARED = 1_024
const LOOKS = 32
/** Rounding must not cost anybody who waits as long as told. */
const NEARLY = 1e-6

/**
 * Token buckets by key, as many as fit and no more. A bucket goes only when it is full again, and so says no more than a new one would: no
 * flood of keys can empty the table to win back tokens. When none can go, newcomers share a few buckets, chosen by a secret hash.
 */
export class TokenBuckets {
  readonly #places = new Map<string, number>()
  readonly #keys: string[] = []
  readonly #tokens: Float64Array
  readonly #since: Float64Array
  /** Where the next look for a bucket that can go begins. */
  #hand = 0

  /** `seed`: 32 random bits. */
  constructor (readonly rate: Rate, private readonly most: number, private readonly seed: number) {
    this.#tokens = new Float64Array(most + SHARED).fill(rate.burst)
    this.#since = new Float64Array(most + SHARED).fill(-Infinity)
  }

  /** Keys that have a bucket of their own. */
  get size (): number {
    return this.#places.size
  }

  /** Takes one token at a time in milliseconds that never goes back: 0, or the milliseconds until there will be one. */
  take (key: string, now: number): number {
    const place = this.#placeOf(key, now)
    const tokens = this.#filled(place, now)
    if (tokens < 1 - NEARLY) return Math.ceil((1 - NEARLY / 2 - tokens) * 1_000 / this.rate.perSecond)
    this.#tokens[place] = tokens - 1
    return 0
  }

  /** Takes tokens also where there are none, down to as many below zero as a full bucket has above. */
  charge (key: string, cost: number, now: number): void {
    const place = this.#placeOf(key, now)
    this.#tokens[place] = Math.max(-this.rate.burst, this.#filled(place, now) - cost)
  }

  /** What a bucket has by now. */
  #filled (place: number, now: number): number {
    const { burst, perSecond } = this.rate
    const gained = (now - (this.#since[place] ?? -Infinity)) * perSecond / 1_000
    this.#since[place] = now
    return this.#tokens[place] = Math.min(burst, (this.#tokens[place] ?? burst) + gained)
  }

  #placeOf (name: string, now: number): number {
    const key = name.length > LONGEST_KEY ? createHash('sha256').update(name).digest('base64url') : name
    const known = this.#places.get(key)
    if (known !== undefined) return known
    const free = this.#places.size < this.most ? this.#places.size : this.#emptied(now)
    if (free === undefined) return this.most + this.#hash(key) % SHARED
    this.#places.set(key, free)
    this.#keys[free] = key
    this.#tokens[free] = this.rate.burst
    this.#since[free] = now
    return free
  }

  /** A place whose bucket is full again, which then belongs to nobody. */
  #emptied (now: number): number | undefined {
    for (let look = Math.min(LOOKS, this.most); look > 0; look--) {
      const place = this.#hand
      this.#hand = (place + 1) % this.most
      const key = this.#keys[place]
      if (key === undefined || this.#filled(place, now) < this.rate.burst) continue
      this.#places.delete(key)
      return place
    }
    return undefined
  }

  #hash (key: string): number {
    let hash = this.seed
    for (let index = 0; index < key.length; index++) hash = addToHash(hash, key.charCodeAt(index))
    return spreadBits(hash)
  }
}
