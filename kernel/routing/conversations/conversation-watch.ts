import { create } from '@bufbuild/protobuf'
import { WatchConversationsResponseSchema, type WatchConversationsResponse } from '../../contract/index.js'
import type { NameOf } from '../frames/frame-message.js'
import { BoundedStream } from '../bounded-stream.js'
import { shownConversation } from './conversation-answers.js'
import type { ConversationReport } from './conversation-desk.js'
import { TooManyWatchers } from '../routing-errors.js'

/** Most changes that wait for one watcher, and most watchers. */
const WAITING = 1_000
const WATCHERS = 64

interface Watcher {
  readonly agents: ReadonlySet<string>
  readonly stream: BoundedStream<WatchConversationsResponse>
  /** Changes that a thread left out and this watcher was not told about yet. */
  skipped: number
}

/** Shows how conversations begin, change and end to whoever watches. */
export class ConversationWatch {
  readonly #watchers = new Set<Watcher>()

  /** @param tap Called when the first watcher comes and when the last one goes. */
  constructor (private readonly nameOf: NameOf, private readonly tap: (wanted: boolean) => void) {}

  get isWanted (): boolean {
    return this.#watchers.size > 0
  }

  show ({ changed, ended, skipped }: ConversationReport): void {
    if (!this.isWanted) return
    for (const watcher of this.#watchers) watcher.skipped += skipped
    for (const picture of [...changed, ...ended]) {
      const conversation = shownConversation(picture, this.nameOf)
      const shown = create(WatchConversationsResponseSchema, { conversation })
      const ends = [conversation.initiator, ...conversation.participants.map(({ name }) => name)]
      for (const { agents, stream } of this.#watchers) {
        if (agents.size === 0 || ends.some(name => agents.has(name))) stream.push(shown)
      }
    }
  }

  /** Conversations in which one of the agents takes part, all when none is named. Throws `TOO_MANY_WATCHERS`. */
  async * watch (agents: readonly string[], signal: AbortSignal): AsyncGenerator<WatchConversationsResponse, void, undefined> {
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
