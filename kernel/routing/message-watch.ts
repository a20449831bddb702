import { create } from '@bufbuild/protobuf'
import { WatchMessagesResponseSchema, type Clock, type WatchMessagesResponse } from '../contract/index.js'
import { aclOf, messageIdText, type NameOf } from './acl-message.js'
import { BoundedStream } from './bounded-stream.js'
import { decodeFrame } from './frame.js'
import { TooManyWatchers } from './routing-errors.js'
import { UNDELIVERABLE } from './undeliverable.js'

/** Most messages that wait for one watcher, and most watchers. */
const WAITING = 1_000
const WATCHERS = 64

interface Watcher {
  readonly agents: ReadonlySet<string>
  readonly stream: BoundedStream<WatchMessagesResponse>
  /** Messages that a shard left out and this watcher was not told about yet. */
  skipped: number
}

/** Shows passing messages to whoever watches. Costs nothing while nobody does. */
export class MessageWatch {
  readonly #watchers = new Set<Watcher>()

  /** @param tap Called when the first watcher comes and when the last one goes. */
  constructor (
    private readonly clock: Clock,
    private readonly nameOf: NameOf,
    private readonly tap: (wanted: boolean) => void,
  ) {}

  get isWanted (): boolean {
    return this.#watchers.size > 0
  }

  /** @param outcome -1 delivered, else a position in {@link UNDELIVERABLE}. */
  show (frame: Uint8Array, outcome: number): void {
    if (!this.isWanted) return
    const { epoch, counter, traceId } = decodeFrame(frame)
    const message = aclOf(frame, this.nameOf)
    const shown = create(WatchMessagesResponseSchema, {
      at: BigInt(this.clock.now()),
      messageId: messageIdText({ epoch, counter }),
      message, traceId,
      outcome: UNDELIVERABLE[outcome] ?? 'delivered',
    })
    for (const { agents, stream } of this.#watchers) {
      if (agents.size === 0 || agents.has(message.sender) || agents.has(message.receiver)) stream.push(shown)
    }
  }

  /** Counts messages that a shard left out; every watcher hears of them with the next one that it is shown. */
  skip (count: number): void {
    for (const watcher of this.#watchers) watcher.skipped += count
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
