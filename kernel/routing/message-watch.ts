import { create } from '@bufbuild/protobuf'
import { WatchMessagesResponseSchema, type Clock, type WatchMessagesResponse } from '../contract/index.js'
import { aclOf, messageIdText } from './frames/acl-message.js'
import { BoundedStream } from './bounded-stream.js'
import { decodeFrame } from './frames/frame.js'
import type { NameOf } from './frames/frame-message.js'
import { TooManyWatchers } from './routing-errors.js'
import { UNDELIVERABLE } from './undeliverable.js'

/** Most messages that wait for one watcher, and most watchers. */
const WAITING = 1_000
const WATCHERS = 64
/** How long messages gather to be put in order, in milliseconds, and how many at the most. */
const GATHER = 30
const GATHERED = 4_096

interface Passed {
  readonly at: number
  readonly shown: WatchMessagesResponse
}

interface Watcher {
  readonly agents: ReadonlySet<string>
  readonly stream: BoundedStream<WatchMessagesResponse>
  /** Messages that a shard left out and this watcher was not told about yet. */
  skipped: number
}

/** Shows passing messages to whoever watches. Costs nothing while nobody does. */
export class MessageWatch {
  readonly #watchers = new Set<Watcher>()
  #gathered: Passed[] = []

  /** @param tap Called when the first watcher comes and when the last one goes. */
  constructor (
    private readonly clock: Clock,
    private readonly nameOf: NameOf,
    private readonly tap: (wanted: boolean) => void,
  ) {}

  get isWanted (): boolean {
    return this.#watchers.size > 0
  }

  /**
   * @param outcome -1 delivered, else a position in {@link UNDELIVERABLE}.
   * @param at From `passedAt`, in the thread where it passed. Threads report in batches, so an answer may come here
   *   first.
   */
  show (frame: Uint8Array, outcome: number, at: number): void {
    if (!this.isWanted) return
    if (this.#gathered.length >= GATHERED) {
      this.skip(1)
      return
    }
    const { epoch, counter, traceId } = decodeFrame(frame)
    const message = aclOf(frame, this.nameOf)
    const shown = create(WatchMessagesResponseSchema, {
      at: BigInt(this.clock.now()),
      messageId: messageIdText({ epoch, counter }),
      message, traceId,
      outcome: UNDELIVERABLE[outcome] ?? 'delivered',
    })
    this.#gathered.push({ at, shown })
    if (this.#gathered.length === 1) this.clock.after(GATHER, () => this.#handOut())
  }

  /** Counts messages that a shard left out; every watcher hears of them with the next one that it is shown. */
  skip (count: number): void {
    for (const watcher of this.#watchers) watcher.skipped += count
  }

  #handOut (): void {
    const gathered = this.#gathered.sort((one, other) => one.at - other.at)
    this.#gathered = []
    for (const { shown } of gathered) {
      const { sender = '', receiver = '' } = shown.message ?? {}
      for (const { agents, stream } of this.#watchers) {
        if (agents.size === 0 || agents.has(sender) || agents.has(receiver)) stream.push(shown)
      }
    }
  }

  /** Messages to or from the agents, all when none is named. Throws `TOO_MANY_WATCHERS`. */
  async * watch (agents: readonly string[], signal: AbortSignal): AsyncGenerator<WatchMessagesResponse, void, undefined> {
    if (this.#watchers.size >= WATCHERS) throw TooManyWatchers({ limit: WATCHERS })
    const watcher: Watcher = { agents: new Set(agents), stream: new BoundedStream(WAITING, signal), skipped: 0 }
    this.#watchers.add(watcher)
    if (this.#watchers.size === 1) this.tap(true)
    try {
      for await (const shown of watcher.stream) {
        const skipped = watcher.skipped + watcher.stream.takeSkipped()
        watcher.skipped = 0
        yield { ...shown, skipped: BigInt(skipped) }
      }
    } finally {
      this.#watchers.delete(watcher)
      if (this.#watchers.size === 0) this.tap(false)
    }
  }
}
