import { create } from '@bufbuild/protobuf'
import { WatchMessagesResponseSchema, type Clock, type WatchMessagesResponse } from '../contract/index.js'
import { aclOf, messageIdText, type NameOf } from './acl-message.js'
import { BoundedStream } from './bounded-stream.js'
import { decodeFrame } from './frame.js'
import { UNDELIVERABLE } from './undeliverable.js'

/** Most messages that wait for one watcher; and most watchers. */
const WAITING = 1_000

interface Watcher {
  readonly agents: ReadonlySet<string>
  readonly stream: BoundedStream<WatchMessagesResponse>
}

/** Shows passing messages to whoever watches. Costs nothing while nobody does. */
export class MessageWatch {
  readonly #watchers = new Set<Watcher>()
  #skipped = 0

  /** @param tap Called when the first watcher comes and when the last one goes. */
  constructor (private readonly clock: Clock, private readonly nameOf: NameOf, private readonly tap: (wanted: boolean) => void) {}

  get isWanted (): boolean {
    return this.#watchers.size > 0
  }

  /** @param outcome -1 delivered, else a position in {@link UNDELIVERABLE}. */
  show (frame: Uint8Array, outcome: number): void {
    if (!this.isWanted) return
    const { epoch, counter, traceId } = decodeFrame(frame)
    const shown = create(WatchMessagesResponseSchema, {
      at: BigInt(this.clock.now()),
      messageId: messageIdText({ epoch, counter }),
      message: aclOf(frame, this.nameOf),
      traceId,
      outcome: UNDELIVERABLE[outcome] ?? 'delivered',
      skipped: BigInt(this.#skipped),
    })
    this.#skipped = 0
    for (const { agents, stream } of this.#watchers) {
      const concerns = agents.size === 0 || agents.has(shown.message?.sender ?? '') || agents.has(shown.message?.receiver ?? '')
      if (concerns) stream.push(shown)
    }
  }

  /** Counts messages that a shard left out; said with the next one shown. */
  skip (count: number): void {
    this.#skipped += count
  }

  async * watch (agents: readonly string[], signal: AbortSignal): AsyncGenerator<WatchMessagesResponse, void, undefined> {
    const watcher: Watcher = { agents: new Set(agents), stream: new BoundedStream(WAITING, signal) }
    this.#watchers.add(watcher)
    if (this.#watchers.size === 1) this.tap(true)
    try {
      for await (const shown of watcher.stream) {
        shown.skipped += BigInt(watcher.stream.takeSkipped())
        yield shown
      }
    } finally {
      this.#watchers.delete(watcher)
      if (this.#watchers.size === 0) this.tap(false)
    }
  }
}
