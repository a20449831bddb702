import { NOBODY } from './conversation-branches.js'
import { costOf, TRANSCRIPT_BYTES, type TranscriptEntry } from './conversation-transcripts.js'
import { DESCRIBED, type OpenConversations } from './open-conversations.js'

/** Branches that are remembered of each. */
export const REMEMBERED_BRANCHES = 16

const END = DESCRIBED.count
const BRANCHES = END + 1
const COLUMNS = BRANCHES + 2 * REMEMBERED_BRANCHES

/**
 * What is left of the conversations that ended last, the newest in place of the oldest. A remembered one is known by
 * its serial number, counted from 0. Remembering makes no garbage.
 */
export class EndedConversations {
  readonly #words: Int32Array
  readonly #opened: Float64Array
  readonly #ended: Float64Array
  readonly #transcripts = new Map<number, readonly TranscriptEntry[]>()
  #transcriptBytes = 0
  #next = 0

  /** @param bound How many are remembered. */
  constructor (private readonly bound: number) {
    this.#words = new Int32Array(bound * COLUMNS)
    this.#opened = new Float64Array(bound)
    this.#ended = new Float64Array(bound)
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
    this.#opened[row] = table.opened(conversation)
    this.#ended[row] = now
    const { branches } = table
    let at = base + BRANCHES
    const limit = base + COLUMNS
    for (let branch = table.latestBranch(conversation); branch >= 0 && at < limit; branch = branches.next(branch), at += 2) {
      words[at] = branches.participant(branch)
      words[at + 1] = branches.state(branch)
    }
  }

  /** Whoever had a handle is gone for good: it is not taken for the next one who has it. */
  vacate (handle: number): void {
    const words = this.#words
    for (let serial = this.first; serial < this.#next; serial++) {
      const base = serial % this.bound * COLUMNS
      if (words[base + DESCRIBED.initiator] === handle) words[base + DESCRIBED.initiator] = NOBODY
      const end = base + BRANCHES + 2 * Math.min(this.branchCount(serial), REMEMBERED_BRANCHES)
      for (let at = base + BRANCHES; at < end; at += 2) if (words[at] === handle) words[at] = NOBODY
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
    return this.#opened[serial % this.bound] ?? 0
  }

  ended (serial: number): number {
    return this.#ended[serial % this.bound] ?? 0
  }

  /** How many branches it had. */
  branchCount (serial: number): number {
    return this.#get(serial, DESCRIBED.branchCount)
  }

  /** `which`: below its number of branches and {@link REMEMBERED_BRANCHES}; 0 is the one that came last. */
  participant (serial: number, which: number): number {
    return this.#get(serial, BRANCHES + 2 * which)
  }

  state (serial: number, which: number): number {
    return this.#get(serial, BRANCHES + 2 * which + 1)
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

  #get (serial: number, column: number): number {
    return this.#words[serial % this.bound * COLUMNS + column] ?? 0
  }
}
