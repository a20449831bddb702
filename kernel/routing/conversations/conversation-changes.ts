import { wholeId, type OpenConversation } from './open-conversation.js'

/**
 * Which conversations of a thread changed since somebody asked. One that begins and ends before its change is ripe is never
 * mentioned. Noting a change makes no garbage, and each conversation is noted once however often it changes.
 */
export class ConversationChanges {
  /** The first `#count` of them; some have ended since, or stand for others by now. */
  readonly #listed: OpenConversation[] = []
  #count = 0
  /** Two words of each. */
  #gone: number[] = []
  #since = Infinity

  /** Wall-clock time of the first change that is not reported yet, or Infinity. */
  get since (): number {
    return this.#since
  }

  note (conversation: OpenConversation, now: number): void {
    if (conversation.isChanged) return
    conversation.isChanged = true
    conversation.changedAt = now
    if (now < this.#since) this.#since = now
    if (conversation.isListed) return
    conversation.isListed = true
    this.#listed[this.#count++] = conversation
  }

  /** A conversation that was kept before this thread began, or that needs no report for another reason. */
  noteReported (conversation: OpenConversation): void {
    conversation.isReported = true
  }

  noteEnd (conversation: OpenConversation, now: number): void {
    conversation.isChanged = false
    if (!conversation.isReported) return
    conversation.isReported = false
    this.#gone.push(conversation.low, conversation.high)
    this.#since = Math.min(this.#since, now)
  }

  /**
   * Takes at most `limit` conversations that are open and changed at the time `ripe` or before. When there are more of them, those are due
   * again from `now` on.
   */
  takeChanged (limit: number, ripe: number, now: number): OpenConversation[] {
    const taken: OpenConversation[] = []
    let [at, left, since] = [0, 0, Infinity]
    for (; at < this.#count && taken.length < limit; at++) {
      const conversation = this.#listed[at]
      if (conversation === undefined) continue
      if (conversation.isChanged && conversation.changedAt > ripe) {
        this.#listed[left++] = conversation
        since = Math.min(since, conversation.changedAt)
        continue
      }
      conversation.isListed = false
      if (!conversation.isChanged) continue
      conversation.isChanged = false
      conversation.isReported = true
      taken.push(conversation)
    }
    this.#since = at < this.#count ? now : since
    for (; at < this.#count; at++) {
      const rest = this.#listed[at]
      if (rest !== undefined) this.#listed[left++] = rest
    }
    this.#count = left
    return taken
  }

  /** Takes the ids of all that were reported open and have ended. */
  takeGone (): bigint[] {
    const gone = this.#gone
    if (gone.length > 0) this.#gone = []
    return Array.from({ length: gone.length / 2 }, (_, index) => wholeId(gone[index * 2] ?? 0, gone[index * 2 + 1] ?? 0))
  }
}
