import type { SpanBudget } from '../../observability/span-budget.js'
import { passedAt } from '../../routing/passed-at.js'
import type { PostObserver } from '../../routing/post-observer.js'
import type { MessageSpan } from '../../routing/tracing/message-span.js'
import type { Settlements } from '../../routing/delivery-ways.js'
import { UNDELIVERABLE, type Undeliverable } from '../../routing/undeliverable.js'
import type { AgentLogLine, Announcement, ShardEvent } from './shard-control.js'
import { SHARD_FIGURE, SHARD_WORD, type ShardCounters } from './shard-memory.js'

/** Most of each kind that are kept between two flushes; the rest is counted. */
const BATCH = 256
/** How long spans are gathered, in milliseconds: nobody waits for them, and to take each by itself costs main more than the message. */
const SPANS_WAIT = 20
const SPANS_ENOUGH = BATCH / 2
/** Most reports that main has not taken yet: beyond, they gather here, and what is more than a batch is counted. */
export const REPORTS_AHEAD = 32
/** Most copies per second for people who watch, and most dead letters per second that are kept. */
const TAPS_PER_SECOND = 1_000
const LETTERS_PER_SECOND = 1_000
const LETTER_BYTES_PER_SECOND = 8 * 1024 * 1024
/** Most log lines of all agents per second. */
const LOGS_PER_SECOND = 10_000
/** Frames above this size are watched without their content. */
const TAP_BYTES = 4_096

/**
 * What a shard tells main in batches: announcements, log lines, watched messages, dead letters. Of all but the first,
 * what exceeds the bounds is counted.
 */
export class ShardReports implements PostObserver, Settlements {
  #announced: Announcement[] = []
  #logs: AgentLogLine[] = []
  #taps: Uint8Array[] = []
  #outcomes: number[] = []
  #times: number[] = []
  #skipped = 0
  #letters: Uint8Array[] = []
  #reasons: number[] = []
  #spans: MessageSpan[] = []
  /** When they are told, on that clock. */
  #spansDue = Infinity
  #settled: number[] = []
  #settlements: number[] = []
  /** Reports that were told since the shard began. */
  #told = 0
  #second = 0
  #tapsLeft = TAPS_PER_SECOND
  #lettersLeft = LETTERS_PER_SECOND
  #letterBytesLeft = LETTER_BYTES_PER_SECOND
  #logsLeft = LOGS_PER_SECOND

  constructor (
    private readonly counters: ShardCounters, private readonly tell: (event: ShardEvent) => void, private readonly spanBudget: SpanBudget,
    /** Milliseconds on a monotonic clock. */
    private readonly elapsed: () => number,
  ) {}

  get watching (): boolean {
    return Atomics.load(this.counters.words, SHARD_WORD.tap) !== 0
  }

  /** Each agent has a quota of these, and none may be lost: a full batch goes at once. */
  announce (announcement: Announcement): void {
    this.#announced.push(announcement)
    if (this.#announced.length >= BATCH) this.#flushAnnounced()
  }

  /** What was announced and is not on its way yet, for an answer that takes it along. */
  takeAnnounced (): readonly Announcement[] {
    const announced = this.#announced
    if (announced.length > 0) this.#announced = []
    return announced
  }

  log (line: AgentLogLine): void {
    this.#renew()
    if (this.#logsLeft <= 0 || this.#logs.length >= BATCH) {
      this.counters.add(SHARD_FIGURE.logsLost)
      return
    }
    this.#logsLeft -= 1
    this.#logs.push(line)
  }

  watch (bytes: Uint8Array, at: number, length: number, outcome: number): void {
    this.#renew()
    if (this.#tapsLeft <= 0 || this.#taps.length >= BATCH) {
      this.#skipped += 1
      return
    }
    this.#tapsLeft -= 1
    this.#taps.push(bytes.slice(at, at + Math.min(length, TAP_BYTES)))
    this.#outcomes.push(outcome)
    this.#times.push(passedAt())
  }

  deadLetter (bytes: Uint8Array, at: number, length: number, reason: Undeliverable): void {
    this.#renew()
    this.counters.add(SHARD_FIGURE.failed)
    if (reason === 'MESSAGE_FORBIDDEN') this.counters.add(SHARD_FIGURE.forbidden)
    if (this.#lettersLeft <= 0 || length > this.#letterBytesLeft || this.#letters.length >= BATCH) {
      this.counters.add(SHARD_FIGURE.lettersLost)
      return
    }
    this.#lettersLeft -= 1
    this.#letterBytesLeft -= length
    this.#letters.push(bytes.slice(at, at + length))
    this.#reasons.push(UNDELIVERABLE.indexOf(reason))
  }

  /** Bounded by the budget; what gathers beyond a batch while main is behind is counted there, too. */
  span (span: MessageSpan): void {
    if (this.#spans.length >= BATCH) {
      this.spanBudget.dropped += 1
      return
    }
    this.#spans.push(span)
    if (this.#spans.length === 1) this.#spansDue = this.elapsed() + SPANS_WAIT
    else if (this.#spans.length === SPANS_ENOUGH) this.#spansDue = 0
  }

  /** When {@link flush} tells what has gathered, on the clock of this thread; Infinity: there is nothing, or main has to catch up first. */
  get due (): number {
    return this.#isBehind ? Infinity : this.#spansDue
  }

  /** Bounded by the messages that are on their way. */
  settled (number: number, reason: Undeliverable | undefined): void {
    this.#settled.push(number)
    this.#settlements.push(reason === undefined ? -1 : UNDELIVERABLE.indexOf(reason))
  }

  /**
   * Sends what has gathered, unless main is too far behind: then it goes on gathering. Called once per round of the
   * shard, and with `always` where it can't wait, because the shard or an agent ends.
   */
  flush (always = false): void {
    this.#flushSettled()
    this.#flushAnnounced()
    if (!always && this.#isBehind) return
    if (this.#logs.length > 0) {
      this.#report({ kind: 'logs', lines: this.#logs })
      this.#logs = []
    }
    if (this.#taps.length > 0) {
      this.#report({ kind: 'taps', frames: this.#taps, outcomes: this.#outcomes, times: this.#times, skipped: this.#skipped })
      this.#taps = []
      this.#outcomes = []
      this.#times = []
      this.#skipped = 0
    }
    if (this.#spans.length > 0 && (always || this.#spansDue <= this.elapsed())) {
      this.#report({ kind: 'spans', spans: this.#spans, dropped: this.spanBudget.dropped })
      this.#spans = []
      this.#spansDue = Infinity
      this.spanBudget.dropped = 0
    }
    if (this.#letters.length > 0) {
      this.#report({ kind: 'letters', frames: this.#letters, reasons: this.#reasons })
      this.#letters = []
      this.#reasons = []
    }
  }

  /** Whether main has taken so few reports that more would only gather there. */
  get #isBehind (): boolean {
    return this.#told - Atomics.load(this.counters.words, SHARD_WORD.reportsTaken) >= REPORTS_AHEAD
  }

  #report (event: ShardEvent): void {
    this.#told += 1
    this.tell(event)
  }

  #flushSettled (): void {
    if (this.#settled.length === 0) return
    this.tell({ kind: 'settled', numbers: this.#settled, outcomes: this.#settlements })
    this.#settled = []
    this.#settlements = []
  }

  #flushAnnounced (): void {
    if (this.#announced.length > 0) this.tell({ kind: 'announced', announced: this.takeAnnounced() })
  }

  #renew (): void {
    const second = Math.floor(this.elapsed() / 1000)
    if (second === this.#second) return
    this.#second = second
    this.#tapsLeft = TAPS_PER_SECOND
    this.#lettersLeft = LETTERS_PER_SECOND
    this.#letterBytesLeft = LETTER_BYTES_PER_SECOND
    this.#logsLeft = LOGS_PER_SECOND
  }
}
