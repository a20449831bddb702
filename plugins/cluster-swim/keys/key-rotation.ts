import { hkdfSync } from 'node:crypto'
import type { Clock, Logger, Timer } from '../../../kernel/contract/index.js'
import { GossipKey } from '../wire/gossip-key.js'
import { KeyRing } from '../wire/key-ring.js'
import { fingerprintOf } from './key-text.js'

/** Longest time until the wall clock is looked at again, in milliseconds: somebody may set it. */
const LOOK = 60_000
const KEY_BYTES = 32
/** Periods whose keys a node has: this one, the one before, the one to come. */
const AROUND = [0, -1, 1]

/** Most configured keys that can be rotated: a ring has room for each and three that follow from it. */
export const MOST_ROTATED = 4

export interface RotationRules {
  /** Length of a period, in milliseconds. */
  readonly interval: number
  /** Whether the rotated keys encrypt; else they only decrypt, and the first configured one encrypts. */
  readonly isUsed: boolean
}

/**
 * Keys that follow from the configured ones and from the time, so that none encrypts for longer than one period, and nothing has to be
 * agreed on: a node that was away, or is new, has them as well. Nodes understand each other while their clocks differ by less than a
 * period. The configured keys go on to decrypt: who has them has all that follow from them anyway.
 */
export class KeyRotation {
  readonly ring: KeyRing
  #period: number
  #timer: Timer | undefined

  constructor (
    private readonly configured: readonly [GossipKey, ...GossipKey[]], private readonly rules: RotationRules,
    private readonly clock: Clock, private readonly log: Logger,
  ) {
    this.#period = this.#now()
    this.ring = new KeyRing(configured[0], configured.slice(1))
    this.#turn()
  }

  start (): void {
    const left = (this.#period + 1) * this.rules.interval - this.clock.now()
    this.#timer = this.clock.after(Math.max(1, Math.min(left, LOOK)), () => {
      this.#look()
      this.start()
    })
  }

  stop (): void {
    this.#timer?.cancel()
  }

  #look (): void {
    const period = this.#now()
    if (period === this.#period) return
    this.#period = period
    this.#turn()
    this.log.info('the keys of gossip are those of the next period', { inUse: fingerprintOf(this.ring.primary.bytes) })
  }

  #now (): number {
    return Math.floor(this.clock.now() / this.rules.interval)
  }

  #turn (): void {
    const wanted = this.configured.flatMap(key => AROUND.map(offset => this.#derived(key, this.#period + offset)))
    this.ring.use(this.configured[0])
    for (const key of this.ring.list()) {
      if (![...this.configured, ...wanted].some(each => each.equals(key))) this.ring.remove(key)
    }
    for (const key of wanted) this.ring.install(key)
    const [current] = wanted
    if (current !== undefined && this.rules.isUsed) this.ring.use(current)
  }

  /** HKDF with SHA-256 (RFC 5869), so that nobody gets from the key of one period to the configured one, or to that of another. */
  #derived (key: GossipKey, period: number): GossipKey {
    const info = `caxton gossip key, period ${period} of ${this.rules.interval} ms`
    const derived = GossipKey.of(new Uint8Array(hkdfSync('sha256', key.bytes, new Uint8Array(), info, KEY_BYTES)))
    if (derived === undefined) throw new Error('a key of 32 bytes is one')
    return derived
  }
}
