import { FRAME, FRAME_FLAGS } from '../../contract/in-shard.js'
import type { SpanBudget } from '../../observability/span-budget.js'
import type { MessageStamp } from '../frames/message-stamp.js'
import { passedAt } from '../passed-at.js'
import type { MessageSpan } from './message-span.js'

/** Fields beyond are left out, and so is what the platform says. */
const LONGEST = 2_048

/**
 * Notes the spans of messages in one thread. Only called for traces that are recorded, which whoever calls asks first, so that all others
 * cost one comparison.
 */
export class MessageSpans {
  /** The span of the turn that is under way, and of what brought it about. */
  #own = ''
  #parent = ''
  #began = 0
  #stamped = 0

  constructor (
    private readonly stamp: MessageStamp,
    private readonly budget: SpanBudget,
    private readonly take: (span: MessageSpan) => void,
  ) {}

  /**
   * A stamped frame goes on its way. When there is no room for one more, the trace is not recorded any further: one that goes on for ever
   * costs nothing from then on.
   */
  sent (bytes: Uint8Array, view: DataView, at: number, length: number): void {
    if (!this.budget.take()) {
      this.stamp.current.sampled = 0
      view.setUint8(at + FRAME.traceFlags, 0)
      return
    }
    const now = passedAt()
    const spanId = wordsText(view.getUint32(at + FRAME.spanId), view.getUint32(at + FRAME.spanId + 4))
    this.take({
      kind: 'send', traceId: this.#traceId, spanId, parentSpanId: this.#current, startedAt: now, endedAt: now,
      head: headOf(bytes, view, at, length), size: contentBytes(view, at, length), agent: 0, waited: 0, failure: '',
    })
  }

  /**
   * An agent's turn begins; what it sends comes of that. The stamp goes on with the trace already. False when it will not be noted: then it
   * is not to be ended either.
   */
  begin (): boolean {
    if (!this.budget.take()) {
      this.stamp.current.sampled = 0
      return false
    }
    this.#parent = this.#current
    this.stamp.beginSpan()
    this.#own = this.#current
    this.#began = passedAt()
    this.#stamped = this.stamp.stamped
    return true
  }

  /** A turn with a message ends. */
  handled (bytes: Uint8Array, view: DataView, at: number, length: number, waited: number, failure: string): void {
    this.take({
      kind: 'process', traceId: traceIdOf(view, at), spanId: this.#own, parentSpanId: this.#parent,
      startedAt: this.#began, endedAt: passedAt(),
      head: headOf(bytes, view, at, length), size: contentBytes(view, at, length), agent: 0, waited, failure,
    })
  }

  /** A turn for a timer ends. Of one in which nothing was sent nobody needs to know. */
  ticked (agent: number, traceId: string, failure: string): void {
    if (this.stamp.stamped === this.#stamped && failure === '') {
      this.budget.giveBack()
      return
    }
    this.take({
      kind: 'timer', traceId, spanId: this.#own, parentSpanId: this.#parent, startedAt: this.#began, endedAt: passedAt(),
      head: undefined, size: 0, agent, waited: 0, failure,
    })
  }

  /** A message came to a caller. */
  received (frame: Uint8Array, view: DataView): void {
    if (!this.budget.take()) return
    const now = passedAt()
    const spanId = wordsText(this.stamp.word() | 1, this.stamp.word())
    this.take({
      kind: 'receive', traceId: traceIdOf(view, 0), spanId,
      parentSpanId: wordsText(view.getUint32(FRAME.spanId), view.getUint32(FRAME.spanId + 4)), startedAt: now, endedAt: now,
      head: headOf(frame, view, 0, frame.length), size: contentBytes(view, 0, frame.length), agent: 0, waited: 0, failure: '',
    })
  }

  /** The trace that the stamp goes on with. */
  get traceId (): string { return this.#traceId }

  get #traceId (): string {
    const { trace } = this.stamp.current
    return Array.from(trace, wordText).join('')
  }

  get #current (): string {
    const { span } = this.stamp.current
    const [high = 0, low = 0] = span
    return high === 0 && low === 0 ? '' : wordsText(high, low)
  }
}

/** Whether a frame belongs to a trace that is recorded. */
export const isSampled = (view: DataView, at: number): boolean => (view.getUint8(at + FRAME.traceFlags) & 1) !== 0

const wordText = (word: number): string => (word >>> 0).toString(16).padStart(8, '0')
const wordsText = (high: number, low: number): string => wordText(high) + wordText(low)

export function traceIdOf (view: DataView, at: number): string {
  let text = ''
  for (let word = 0; word < 4; word++) text += wordText(view.getUint32(at + FRAME.traceId + word * 4))
  return text
}

const contentBytes = (view: DataView, at: number, length: number): number =>
  length - FRAME.headerBytes - view.getUint32(at + FRAME.fieldBytes, true)

/** A frame of its own, without what may be long. */
function headOf (bytes: Uint8Array, view: DataView, at: number, length: number): Uint8Array {
  const speaksPlatform = (view.getUint8(at + FRAME.flags) & FRAME_FLAGS.platform) !== 0
  const withFields = FRAME.headerBytes + view.getUint32(at + FRAME.fieldBytes, true)
  const end = speaksPlatform && length <= LONGEST ? length : withFields <= LONGEST ? withFields : FRAME.headerBytes
  const head = bytes.slice(at, at + end)
  const written = new DataView(head.buffer, head.byteOffset)
  written.setUint32(FRAME.length, end, true)
  if (end === FRAME.headerBytes) written.setUint32(FRAME.fieldBytes, 0, true)
  return head
}
