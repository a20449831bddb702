import type { DeadLetters } from '../../routing/dead-letters/dead-letters.js'
import type { MessageWatch } from '../../routing/message-watch.js'
import { passedAt } from '../../routing/passed-at.js'
import type { PostObserver } from '../../routing/post-observer.js'

/** What main's own post reports; the shards report theirs as events. */
export function mainObserver (messageWatch: MessageWatch, deadLetters: DeadLetters): PostObserver {
  return {
    get watching () {
      return messageWatch.isWanted
    },
    watch: (bytes, at, length, outcome) => messageWatch.show(bytes.slice(at, at + length), outcome, passedAt()),
    deadLetter: (bytes, at, length, reason) => deadLetters.add(bytes.slice(at, at + length), reason),
  }
}
