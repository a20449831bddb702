import type { Clock, Logger, Random, Timer } from '../../contract/index.js'
import { WakeWord } from '../../routing/wake-word.js'
import type { AgentPlace } from './agent-record.js'
import type { ShardBirth, ShardEvent } from './shard-control.js'
import { ShardLink } from './shard-link.js'
import { SHARD_WORD, ShardCounters, type SharedMemory } from './shard-memory.js'

/** How often the heartbeats are looked at, in milliseconds. */
const WATCH_INTERVAL = 50
/** How long an ending shard may take, in milliseconds. */
const END_PATIENCE = 2_000

/** What the pool tells about its shards. None of these may block. */
export interface PoolEvents {
  event (shard: number, event: ShardEvent): void
  /** A shard's thread went away; `blamed` is the handle of the agent that was running, 0 none. It is being started anew. */
  lost (shard: number, blamed: number): void
  /** The thread is back, and empty. */
  back (shard: number): void
}

/** Everything of {@link ShardBirth} that is the same for all shards. */
export type ShardPattern = Omit<ShardBirth, 'place' | 'start' | 'seed'>

/**
 * The shards of this server: starts and ends them, gives agents a place in the emptiest, and watches that no agent holds its thread
 * longer than the wall limit. Such a thread is killed and started anew.
 */
export class ShardPool {
  readonly links: readonly ShardLink[]
  readonly counters: readonly ShardCounters[]
  readonly #free: number[][]
  readonly #used: number[]
  readonly #seen: Array<{ activity: number, since: number }>
  #births = 0
  #watch: Timer | undefined
  #stopping = false

  constructor (
    private readonly pattern: ShardPattern,
    memory: SharedMemory,
    private readonly wallLimit: number,
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly log: Logger,
    private readonly events: PoolEvents,
  ) {
    const places = memory.counters.map((_, place) => place).slice(1)
    this.counters = memory.counters.slice(1).map(buffer => new ShardCounters(buffer))
    this.#free = places.map(() => [])
    this.#used = places.map(() => 0)
    this.#seen = places.map(() => ({ activity: -1, since: 0 }))
    this.links = places.map((place, shard) => new ShardLink(
      () => this.#birth(place), this.#countersOf(shard), new WakeWord(memory.wakes[place] ?? nothing()), {
        event: event => this.events.event(shard, event),
        lost: error => this.#lost(shard, error),
      }))
  }

  async start (): Promise<void> {
    for (const link of this.links) await link.start()
    this.#look()
  }

  async stop (): Promise<void> {
    this.#stopping = true
    this.#watch?.cancel()
    await Promise.all(this.links.map(link => link.end(END_PATIENCE)))
  }

  /** A slot in the shard with the fewest agents. */
  takePlace (): AgentPlace {
    const shard = this.#used.indexOf(Math.min(...this.#used))
    const used = (this.#used[shard] ?? 0) + 1
    this.#used[shard] = used
    const slot = this.#free[shard]?.pop() ?? used - 1
    return { shard, slot }
  }

  givePlaceBack ({ shard, slot }: AgentPlace): void {
    this.#used[shard] = (this.#used[shard] ?? 1) - 1
    this.#free[shard]?.push(slot)
  }

  link (shard: number): ShardLink {
    return this.links[shard] ?? nothing()
  }

  /** Turns the copying of messages for watchers on or off, in every shard. */
  tap (wanted: boolean): void {
    for (const { words } of this.counters) Atomics.store(words, SHARD_WORD.tap, wanted ? 1 : 0)
  }

  #birth (place: number): ShardBirth {
    this.#births += 1
    const seed = new Uint32Array(4)
    new Uint8Array(seed.buffer).set(this.random.bytes(16))
    return { ...this.pattern, place, start: this.#births & 0xffffff, seed }
  }

  #look (): void {
    const now = this.clock.elapsed()
    for (const [shard, { words }] of this.counters.entries()) {
      const seen = this.#seen[shard]
      const activity = Atomics.load(words, SHARD_WORD.activity)
      if (seen === undefined) continue
      if (activity !== seen.activity || Atomics.load(words, SHARD_WORD.running) === 0) {
        seen.activity = activity
        seen.since = now
      } else if (now - seen.since > this.wallLimit) {
        seen.since = now
        this.log.error('an agent holds its shard longer than the wall limit; the shard is killed', { shard: shard + 1, limit: this.wallLimit })
        this.link(shard).kill()
      }
    }
    this.#watch = this.clock.after(WATCH_INTERVAL, () => this.#look())
  }

  #lost (shard: number, error: Error): void {
    if (this.#stopping) return
    const blamed = Atomics.load(this.#countersOf(shard).words, SHARD_WORD.running)
    this.log.error('a shard went away and is started anew', { shard: shard + 1, cause: error.message })
    this.events.lost(shard, blamed)
    this.link(shard).start().then(() => this.events.back(shard), (failure: unknown) => {
      this.log.error('the shard could not be started again', { shard: shard + 1, cause: String(failure) })
    })
  }

  #countersOf (shard: number): ShardCounters {
    return this.counters[shard] ?? nothing()
  }
}

function nothing (): never {
  throw new RangeError('there is no such shard')
}
