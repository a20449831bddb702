import { NOBODY, type ConversationBranches } from './conversation-branches.js'
import { costOf, TRANSCRIPT_BYTES, type TranscriptEntry } from './conversation-transcripts.js'
import { DESCRIBED, type OpenConversations } from './open-conversations.js'

/** Branches that are remembered of each. */
export const REMEMBERED_BRANCHES = 16

/** Words of a row: one line of the processor's cache, as most conversations have one branch, and a row is written once and seldom read. */
const COLUMNS = 16
const END = DESCRIBED.count
/** Participant and state of the branch that came last. */
const LATEST = END + 1
/** Numbers of twice the length: where they stand in a row of half as many. */
const OPENED = 5
const ENDED = 6
const LONG_COLUMNS = COLUMNS / 2
/** Words for the other branches. */
const OTHERS = 2 * (REMEMBERED_BRANCHES - 1)

/**
 * What is left of the conversations that ended last, the newest in place of the oldest. A remembered one is known by
 * its serial number, counted from 0. Remembering makes no garbage.
 */
export class EndedConversations {
  readonly #words: Int32Array
  readonly #times: Float64Array
  readonly #others: Int32Array
  readonly #transcripts = new Map<number, readonly TranscriptEntry[]>()
  #transcriptBytes = 0
  #next = 0

  /** @param bound How many are remembered. */
  constructor (private readonly bound: number) {
    this.#words = new Int32Array(bound * COLUMNS)
    this.#times = new Float64Array(this.#words.buffer)
    this.#others = new Int32Array(bound * OTHERS)
  }

  /** Serial number of the next one. */
  get next (): number {
    return this.#next
  }

  /** Serial number of the oldest that is remembered; equal to {@link next}: there is none. */
  get first (): number {
    return Math.max(0, this.#next - this.bound)
  }

  /**
   * Called before the conversation is closed. `end`: position in `CONVERSATION_ENDS`. `transcript`: its messages, when
   * they are kept.
   */
  remember (
    table: OpenConversations, conversation: number, end: number, now: number, transcript: readonly TranscriptEntry[] | undefined,
  ): void {
    if (transcript !== undefined) this.#keep(transcript)
    const row = this.#next++ % this.bound
    const base = row * COLUMNS
    const words = this.#words
    table.describe(conversation, words, base)
    words[base + END] = end
    this.#times[row * LONG_COLUMNS + OPENED] = table.opened(conversation)
    this.#times[row * LONG_COLUMNS + ENDED] = now
    const latest = table.latestBranch(conversation)
    if (latest < 0) return
    const { branches } = table
    words[base + LATEST] = branches.participant(latest)
    words[base + LATEST + 1] = branches.state(latest)
    const other = branches.next(latest)
    if (other >= 0) this.#rememberOthers(branches, other, row)
  }

  #rememberOthers (branches: ConversationBranches, first: number, row: number): void {
    const others = this.#others
    let at = row * OTHERS
    const limit = at + OTHERS
    for (let branch = first; branch >= 0 && at < limit; branch = branches.next(branch), at += 2) {
      others[at] = branches.participant(branch)
      others[at + 1] = branches.state(branch)
    }
  }

  /** Whoever had a handle is gone for good: it is not taken for the next one who has it. */
  vacate (handle: number): void {
    const [words, others] = [this.#words, this.#others]
    for (let serial = this.first; serial < this.#next; serial++) {
      const row = serial % this.bound
      const base = row * COLUMNS
      if (words[base + DESCRIBED.initiator] === handle) words[base + DESCRIBED.initiator] = NOBODY
      const count = Math.min(this.branchCount(serial), REMEMBERED_BRANCHES)
      if (count > 0 && words[base + LATEST] === handle) words[base + LATEST] = NOBODY
      const end = row * OTHERS + 2 * (count - 1)
      for (let at = row * OTHERS; at < end; at += 2) if (others[at] === handle) others[at] = NOBODY
    }
  }

  id (serial: number): bigint {
    return BigInt(this.#get(serial, DESCRIBED.high) >>> 0) << 32n | BigInt(this.#get(serial, DESCRIBED.low) >>> 0)
  }

  protocol (serial: number): number {
    return this.#get(serial, DESCRIBED.protocol)
  }

  initiator (serial: number): number {
    return this.#get(serial, DESCRIBED.initiator)
  }

  priority (serial: number): number {
    return this.#get(serial, DESCRIBED.priority)
  }

  /** Position in `CONVERSATION_ENDS`. */
  end (serial: number): number {
    return this.#get(serial, END)
  }

  opened (serial: number): number {
    return this.#times[serial % this.bound * LONG_COLUMNS + OPENED] ?? 0
  }

  ended (serial: number): number {
    return this.#times[serial % this.bound * LONG_COLUMNS + ENDED] ?? 0
  }

  /** How many branches it had. */
  branchCount (serial: number): number {
    return this.#get(serial, DESCRIBED.branchCount)
  }

  /** `which`: below its number of branches and {@link REMEMBERED_BRANCHES}; 0 is the one that came last. */
  participant (serial: number, which: number): number {
    return which === 0 ? this.#get(serial, LATEST) : this.#other(serial, which, 0)
  }

  state (serial: number, which: number): number {
    return which === 0 ? this.#get(serial, LATEST + 1) : this.#other(serial, which, 1)
  }

  transcript (serial: number): readonly TranscriptEntry[] {
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
    this.#transcriptBytes -= costOf(this.transcript(serial))
    this.#transcripts.delete(serial)
  }

  #other (serial: number, which: number, word: number): number {
    return this.#others[serial % this.bound * OTHERS + 2 * (which - 1) + word] ?? 0
  }

  #get (serial: number, column: number): number {
    return this.#words[serial % this.bound * COLUMNS + column] ?? 0
  }
}
