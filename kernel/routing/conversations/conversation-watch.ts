import { create } from '@bufbuild/protobuf'
import { WatchConversationsResponseSchema, type WatchConversationsResponse } from '../../contract/index.js'
import type { NameOf } from '../frames/frame-message.js'
import { BoundedWatch } from '../bounded-watch.js'
import { shownConversation } from './conversation-answers.js'
import type { ConversationReport } from './conversation-desk.js'

/** Shows how conversations begin, change and end to whoever watches. */
export class ConversationWatch {
  readonly #watch: BoundedWatch<WatchConversationsResponse>

  /** @param tap Called when the first watcher comes and when the last one goes. */
  constructor (private readonly nameOf: NameOf, tap: (wanted: boolean) => void) {
    this.#watch = new BoundedWatch(tap)
  }

  get isWanted (): boolean {
    return this.#watch.isWanted
  }

  show ({ changed, ended, skipped }: ConversationReport): void {
    if (!this.isWanted) return
    this.#watch.skip(skipped)
    for (const picture of [...changed, ...ended]) {
      const conversation = shownConversation(picture, this.nameOf)
      const shown = create(WatchConversationsResponseSchema, { conversation })
      this.#watch.show(shown, [conversation.initiator, ...conversation.participants.map(({ name }) => name)])
    }
  }

  /** Conversations in which one of the agents takes part, all when none is named. Throws `TOO_MANY_WATCHERS`. */
  watch (agents: readonly string[], signal: AbortSignal): AsyncGenerator<WatchConversationsResponse, void, undefined> {
    return this.#watch.watch(agents, signal)
  }
}
