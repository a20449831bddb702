import type { Clock, Health, Logger, Random, Timer } from '../../contract/index.js'
import { WakeWord } from '../../routing/frames/wake-word.js'
import type { ShardBirth, ShardEvent } from './shard-control.js'
import { ShardLink } from './shard-link.js'
import { SHARD_FIGURE, SHARD_WORD, ShardCounters, type SharedMemory } from './shard-memory.js'
import { ShardPlaces } from './shard-places.js'

/** How often the heartbeats are looked at, in milliseconds. */
const WATCH_INTERVAL = 50
/** How long an ending shard may take, in milliseconds. */
const END_PATIENCE = 2_000
/**
 * Wait before a shard that can't be started, or twice did not live this long, is tried again: doubles up to the
 * maximum.
 */
const RETRY_DELAY = 1_000
const RETRY_DELAY_MAX = 30_000

/** What the pool tells about its shards. None of these may block. */
export interface PoolEvents {
  event (shard: number, event: ShardEvent): void
  /**
   * A shard's thread went away; `blamed` is the handle of the agent that was running, 0 none. It is being started anew.
   */
  lost (shard: number, blamed: number): void
  /** The thread is back, without agents; its rings stay closed until it is told to open them. */
  back (shard: number): void
}

/** Everything of {@link ShardBirth} that is the same for all shards. */
export type ShardPattern = Omit<ShardBirth, 'place' | 'start' | 'seed' | 'epoch'>

/** What {@link ShardPool} works with. */
export interface PoolParts {
  readonly pattern: ShardPattern
  readonly memory: SharedMemory
  /** Milliseconds that an agent may hold its thread. */
  readonly wallLimit: number
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
  readonly events: PoolEvents
}

/**
 * The shards of this server: starts and ends them, and watches that no agent holds its thread longer than the wall
 * limit. Such a thread is killed; a thread that went away, however that was, is started anew.
 */
export class ShardPool {
  readonly links: readonly ShardLink[]
  readonly counters: readonly ShardCounters[]
  readonly places: ShardPlaces
  readonly #seen: Array<{ activity: number, since: number }>
  /** How the shards do that are not ready. */
  readonly #ill = new Map<number, Health>()
  readonly #retries = new Map<number, Timer>()
  readonly #readyAt = new Map<number, number>()
  /** Shards that went away soon after their start, the latest time. */
  readonly #quicklyLost = new Set<number>()
  #watch: Timer | undefined
  #stopping = false

  constructor (private readonly parts: PoolParts) {
    const { memory, clock } = parts
    const places = memory.counters.map((_, place) => place).slice(1)
    this.counters = memory.counters.slice(1).map(buffer => new ShardCounters(buffer))
    this.places = new ShardPlaces(places.length)
    this.#seen = places.map(() => ({ activity: -1, since: 0 }))
    this.links = places.map((place, shard) => new ShardLink(
      () => this.#birth(place), this.#countersOf(shard), new WakeWord(memory.wakes[place] ?? nothing()), clock, {
        event: event => parts.events.event(shard, event),
        lost: error => this.#lost(shard, error),
      }))
  }

  async start (): Promise<void> {
    for (const [shard, link] of this.links.entries()) {
      await link.start()
      this.#readyAt.set(shard, this.parts.clock.elapsed())
    }
    this.#look()
  }

  async stop (): Promise<void> {
    this.#stopping = true
    this.#watch?.cancel()
    for (const retry of this.#retries.values()) retry.cancel()
    await Promise.all(this.links.map(link => link.end(END_PATIENCE)))
  }

  link (shard: number): ShardLink {
    return this.links[shard] ?? nothing()
  }

  /** Failed while a shard is out of reach, degraded while one is being started anew. */
  health (): Health {
    const ill = [...this.#ill.values()]
    if (ill.length === 0) return { state: 'ready' }
    const state = ill.some(health => health.state === 'failed') ? 'failed' : 'degraded'
    return { state, detail: ill.map(({ detail }) => detail).join('; ') }
  }

  /** Turns the copying of messages for watchers on or off, in every shard. */
  tap (wanted: boolean): void {
    for (const { words } of this.counters) Atomics.store(words, SHARD_WORD.tap, wanted ? 1 : 0)
  }

  /** Turns the showing of conversations that end on or off, in every shard. */
  tapConversations (wanted: boolean): void {
    for (const { words } of this.counters) Atomics.store(words, SHARD_WORD.conversationTap, wanted ? 1 : 0)
  }

  /** Ids of messages are unique over a shard's births, because each has an epoch of its own. */
  #birth (place: number): ShardBirth {
    const { random, pattern } = this.parts
    const seed = new Uint32Array(4)
    new Uint8Array(seed.buffer).set(random.bytes(16))
    const epoch = new DataView(random.bytes(8).slice().buffer).getBigUint64(0)
    const start = new DataView(random.bytes(4).slice().buffer).getUint32(0) & 0x3fffff
    return { ...pattern, place, epoch, start, seed }
  }

  #look (): void {
    const now = this.parts.clock.elapsed()
    for (const [shard, { words }] of this.counters.entries()) {
      const seen = this.#seen[shard]
      if (seen === undefined) continue
      const activity = Atomics.load(words, SHARD_WORD.activity)
      if (activity !== seen.activity || Atomics.load(words, SHARD_WORD.running) === 0 || this.#ill.has(shard)) {
        seen.activity = activity
        seen.since = now
      } else if (now - seen.since > this.parts.wallLimit) {
        seen.since = now
        void this.#kill(shard)
      }
    }
    this.#watch = this.parts.clock.after(WATCH_INTERVAL, () => this.#look())
  }

  async #kill (shard: number): Promise<void> {
    const { log, wallLimit } = this.parts
    log.error('an agent holds its shard longer than the wall limit; the shard is killed', { shard: shard + 1, limit: wallLimit })
    if (await this.link(shard).kill()) return
    const detail = `shard ${shard + 1} does not end although it was killed; its agents are out of reach until the server is restarted`
    this.#ill.set(shard, { state: 'failed', detail })
    log.error(detail)
  }

  #lost (shard: number, error: Error): void {
    const counters = this.#countersOf(shard)
    const blamed = Atomics.exchange(counters.words, SHARD_WORD.running, 0)
    // Nobody else writes these any more.
    const pending = counters.read(SHARD_FIGURE.pending)
    counters.add(SHARD_FIGURE.lost, pending)
    counters.add(SHARD_FIGURE.pending, -pending)
    if (this.#stopping) return
    this.parts.log.error('a shard went away and is started anew', { shard: shard + 1, cause: error.message, messagesLost: pending })
    this.#ill.set(shard, { state: 'degraded', detail: `shard ${shard + 1} went away and is being started anew` })
    this.parts.events.lost(shard, blamed)
    const isQuick = this.parts.clock.elapsed() - (this.#readyAt.get(shard) ?? 0) < RETRY_DELAY
    const isSecond = isQuick && this.#quicklyLost.has(shard)
    if (isQuick) this.#quicklyLost.add(shard)
    else this.#quicklyLost.delete(shard)
    if (isSecond) this.#reviveLater(shard, RETRY_DELAY)
    else void this.#revive(shard, RETRY_DELAY)
  }

  #reviveLater (shard: number, delay: number): void {
    this.#retries.set(shard, this.parts.clock.after(delay, () => void this.#revive(shard, Math.min(delay * 2, RETRY_DELAY_MAX))))
  }

  async #revive (shard: number, nextDelay: number): Promise<void> {
    try {
      await this.link(shard).start()
    } catch (error) {
      if (this.#stopping) return
      const detail = `shard ${shard + 1} could not be started again (${String(error)}); it is tried every ${nextDelay} ms`
      this.#ill.set(shard, { state: 'failed', detail })
      this.parts.log.error(detail)
      this.#reviveLater(shard, nextDelay)
      return
    }
    this.#readyAt.set(shard, this.parts.clock.elapsed())
    this.#ill.delete(shard)
    if (!this.#stopping) this.parts.events.back(shard)
  }

  #countersOf (shard: number): ShardCounters {
    return this.counters[shard] ?? nothing()
  }
}

function nothing (): never {
  throw new RangeError('there is no such shard')
}
