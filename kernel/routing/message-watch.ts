import { create } from '@bufbuild/protobuf'
import { WatchMessagesResponseSchema, type Clock, type WatchMessagesResponse } from '../contract/index.js'
import { aclOf, shownTerms } from './frames/acl-message.js'
import { messageIdText } from './frames/message-id.js'
import { BoundedWatch } from './bounded-watch.js'
import { decodeFrame } from './frames/frame.js'
import type { NameOf } from './frames/frame-message.js'
import { UNDELIVERABLE } from './undeliverable.js'

/** How long messages gather to be put in order, in milliseconds, and how many at the most. */
const GATHER = 30
const GATHERED = 4_096

interface Passed {
  readonly at: number
  readonly shown: WatchMessagesResponse
}

/** Shows passing messages to whoever watches. Costs nothing while nobody does. */
export class MessageWatch {
  readonly #watch: BoundedWatch<WatchMessagesResponse>
  #gathered: Passed[] = []

  /** @param tap Called when the first watcher comes and when the last one goes. */
  constructor (
    private readonly clock: Clock,
    private readonly nameOf: NameOf,
    tap: (wanted: boolean) => void,
  ) {
    this.#watch = new BoundedWatch(tap)
  }

  get isWanted (): boolean {
    return this.#watch.isWanted
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
    const read = decodeFrame(frame)
    const message = aclOf(frame, this.nameOf)
    const shown = create(WatchMessagesResponseSchema, {
      at: BigInt(this.clock.now()),
      messageId: messageIdText(read),
      message, traceId: read.traceId, ...shownTerms(read),
      outcome: UNDELIVERABLE[outcome] ?? 'delivered',
    })
    this.#gathered.push({ at, shown })
    if (this.#gathered.length === 1) this.clock.after(GATHER, () => this.#handOut())
  }

  /** Counts messages that a shard left out; every watcher hears of them with the next one that it is shown. */
  skip (count: number): void {
    this.#watch.skip(count)
  }

  #handOut (): void {
    const gathered = this.#gathered.sort((one, other) => one.at - other.at)
    this.#gathered = []
    for (const { shown } of gathered) {
      const { sender = '', receiver = '' } = shown.message ?? {}
      this.#watch.show(shown, [sender, receiver])
    }
  }

  /** Messages to or from the agents, all when none is named. Throws `TOO_MANY_WATCHERS`. */
  watch (agents: readonly string[], signal: AbortSignal): AsyncGenerator<WatchMessagesResponse, void, undefined> {
    return this.#watch.watch(agents, signal)
  }
}
