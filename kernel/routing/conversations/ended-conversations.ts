import { costOf, TRANSCRIPT_BYTES, type TranscriptEntry } from './conversation-transcripts.js'
import { EndedConversation } from './ended-conversation.js'
import { NOBODY, type ConversationBranch, type OpenConversation } from './open-conversation.js'

/** Branches that are remembered of each, besides the one that was added last. */
const OTHERS = 15

/** The conversations that ended last, the newest in place of the oldest. Remembering makes no garbage, but for many branches. */
export class EndedConversations {
  readonly #rows: EndedConversation[] = []
  readonly #transcripts = new Map<number, readonly TranscriptEntry[]>()
  #transcriptBytes = 0
  #next = 0

  /** @param bound How many are remembered. */
  constructor (private readonly bound: number) {}

  /** Serial number of the next one. */
  get next (): number {
    return this.#next
  }

  /** Those from a serial number on that are remembered, the latest first. */
  * from (serial: number): Generator<EndedConversation, void, undefined> {
    for (let each = this.#next - 1; each >= Math.max(serial, this.#next - this.bound, 0); each--) {
      const ended = this.#rows[each % this.bound]
      if (ended !== undefined) yield ended
    }
  }

  /**
   * Called before the conversation is closed. `end`: position in `CONVERSATION_ENDS`. `transcript`: its messages, when
   * they are kept.
   */
  remember (conversation: OpenConversation, end: number, now: number, transcript: readonly TranscriptEntry[] | undefined): void {
    if (transcript !== undefined) this.#keep(transcript)
    const row = this.#next % this.bound
    const ended = this.#rows[row] ??= new EndedConversation()
    ended.serial = this.#next++
    ended.low = conversation.low
    ended.high = conversation.high
    ended.protocol = conversation.protocol
    ended.priority = conversation.priority
    ended.initiator = conversation.initiator
    ended.end = end
    ended.opened = conversation.opened
    ended.ended = now
    ended.branchCount = conversation.branchCount
    const latest = conversation.latestBranch
    if (ended.others.length > 0) ended.others.length = 0
    if (latest === undefined) return
    ended.participant = latest.participant
    ended.state = latest.state
    if (latest.earlier !== undefined) rememberOthers(latest.earlier, ended.others)
  }

  /** Whoever had a handle is gone for good: it is not taken for the next one who has it. */
  vacate (handle: number): void {
    for (const ended of this.#rows) {
      if (ended.initiator === handle) ended.initiator = NOBODY
      if (ended.participant === handle) ended.participant = NOBODY
      for (let at = 0; at < ended.others.length; at += 2) if (ended.others[at] === handle) ended.others[at] = NOBODY
    }
  }

  transcript ({ serial }: EndedConversation): readonly TranscriptEntry[] {
    return this.#transcripts.get(serial) ?? []
  }

  #keep (transcript: readonly TranscriptEntry[]): void {
    this.#transcripts.set(this.#next, transcript)
    this.#transcriptBytes += costOf(transcript)
    this.#drop(this.#next - this.bound)
    for (const serial of this.#transcripts.keys()) {
      if (this.#transcriptBytes <= TRANSCRIPT_BYTES) return
      this.#drop(serial)
    }
  }

  #drop (serial: number): void {
    this.#transcriptBytes -= costOf(this.#transcripts.get(serial) ?? [])
    this.#transcripts.delete(serial)
  }
}

function rememberOthers (first: ConversationBranch, others: number[]): void {
  for (let branch: ConversationBranch | undefined = first; branch !== undefined && others.length < 2 * OTHERS; branch = branch.earlier) {
    others.push(branch.participant, branch.state)
  }
}
