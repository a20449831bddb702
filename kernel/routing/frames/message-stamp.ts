import { FRAME, type TraceContext } from '../../contract/in-shard.js'
import type { TraceSampler } from '../../observability/trace-sampler.js'

/** Position in a trace as 32-bit words, so that the hot path handles no strings. */
export interface TraceWords {
  readonly trace: Uint32Array
  /** What the next message comes of; zeros for nothing. Only kept up to date in traces that are recorded. */
  readonly span: Uint32Array
  sampled: number
}

/** A position in a trace that is kept for later. */
export interface TraceCause {
  readonly trace: readonly [number, number, number, number]
  readonly span: readonly [number, number]
  readonly sampled: number
}

/**
 * Writes what only the host may write into a frame: sender, message id, trace. One per thread; ids are unique because
 * the thread's number is part of the counter, and across restarts because the epoch is.
 */
export class MessageStamp {
  readonly #epochLow: number
  readonly #epochHigh: number
  readonly #thread: number
  readonly #random: Uint32Array
  readonly current: TraceWords = { trace: new Uint32Array(4), span: new Uint32Array(2), sampled: 0 }
  /** Whether a message is being handled, so that what is set up now for later belongs to its trace. */
  #isCaused = false
  #low = 0
  #high = 0

  /**
   * @param epoch Different for every start of every node.
   * @param thread Number of the thread, below 256.
   * @param seed Four random words for span and trace ids.
   * @param sampler Decides which new traces are recorded.
   */
  constructor (epoch: bigint, thread: number, seed: Uint32Array, private readonly sampler: Pick<TraceSampler, 'decide'>) {
    this.#epochLow = Number(epoch & 0xffffffffn)
    this.#epochHigh = Number(epoch >> 32n)
    this.#thread = thread << 24
    this.#random = seed.map(word => word | 1)
  }

  /** An agent handles a frame: goes on with its trace, and so does what is set up meanwhile for later. */
  handle (view: DataView, at: number): void {
    this.continueTrace(view, at)
    this.#isCaused = true
  }

  /** Goes on with the trace of a frame. */
  continueTrace (view: DataView, at: number): void {
    const { trace } = this.current
    for (let word = 0; word < 4; word++) trace[word] = view.getUint32(at + FRAME.traceId + word * 4)
    this.current.sampled = view.getUint8(at + FRAME.traceFlags) & 1
    if (this.current.sampled !== 0) this.#comesOf(view.getUint32(at + FRAME.spanId), view.getUint32(at + FRAME.spanId + 4))
  }

  /** Goes on with a trace that came from outside. */
  adoptTrace ({ traceId, spanId, sampled }: TraceContext): void {
    for (let word = 0; word < 4; word++) this.current.trace[word] = Number.parseInt(traceId.slice(word * 8, word * 8 + 8), 16)
    this.current.sampled = sampled ? 1 : 0
    this.#comesOf(Number.parseInt(spanId.slice(0, 8), 16), Number.parseInt(spanId.slice(8), 16))
  }

  /** Goes on with what {@link cause} gave. What is set up meanwhile for later does not: a trace of beats would never end. */
  resume ({ trace, span: [high, low], sampled }: TraceCause): void {
    this.#isCaused = false
    this.current.trace.set(trace)
    this.current.sampled = sampled
    this.#comesOf(high, low)
  }

  /** Where the message that is being handled stands; undefined while there is none. */
  cause (): TraceCause | undefined {
    if (!this.#isCaused) return undefined
    const { trace, span, sampled } = this.current
    return { trace: [trace[0] ?? 0, trace[1] ?? 0, trace[2] ?? 0, trace[3] ?? 0], span: [span[0] ?? 0, span[1] ?? 0], sampled }
  }

  /** Begins a trace, for what no message caused: a timer, a start. */
  beginTrace (): void {
    this.#isCaused = false
    const { trace } = this.current
    for (let word = 0; word < 4; word++) trace[word] = this.word()
    trace[0] = (trace[0] ?? 0) | 1
    this.current.sampled = this.sampler.decide(this.word() / 0x100000000) ? 1 : 0
    this.#comesOf(0, 0)
  }

  /** What is sent from now on comes of a new span within the current trace. */
  beginSpan (): void {
    this.#comesOf(this.word() | 1, this.word())
  }

  /** How many messages were stamped, modulo 2³². */
  get stamped (): number { return this.#low }

  /** Stamps a frame that goes out within the current trace. */
  stamp (view: DataView, at: number, sender: number, senderGeneration: number, flags: number): void {
    this.#low = (this.#low + 1) >>> 0
    if (this.#low === 0) this.#high += 1
    view.setUint32(at + FRAME.sender, sender, true)
    view.setUint32(at + FRAME.senderGeneration, senderGeneration, true)
    view.setUint32(at + FRAME.messageEpoch, this.#epochLow, true)
    view.setUint32(at + FRAME.messageEpoch + 4, this.#epochHigh, true)
    view.setUint32(at + FRAME.messageCounter, this.#low, true)
    view.setUint32(at + FRAME.messageCounter + 4, this.#thread + this.#high, true)
    view.setUint32(at + FRAME.claimEpoch, 0, true)
    view.setUint32(at + FRAME.sequence, 0, true)
    const { trace } = this.current
    for (let word = 0; word < 4; word++) view.setUint32(at + FRAME.traceId + word * 4, trace[word] ?? 0)
    view.setUint32(at + FRAME.spanId, this.word() | 1)
    view.setUint32(at + FRAME.spanId + 4, this.word())
    view.setUint8(at + FRAME.traceFlags, this.current.sampled)
    view.setUint8(at + FRAME.flags, flags)
    view.setUint16(at + FRAME.reserved, 0, true)
  }

  #comesOf (high: number, low: number): void {
    const { span } = this.current
    span[0] = high
    span[1] = low
  }

  /** A pseudo-random word (xorshift128); ids need to be unlike one another, not secret. */
  word (): number {
    const state = this.#random
    let mixed = state[3] ?? 1
    const first = state[0] ?? 1
    state[3] = state[2] ?? 1
    state[2] = state[1] ?? 1
    state[1] = first
    mixed ^= mixed << 11
    mixed ^= mixed >>> 8
    const word = (mixed ^ first ^ first >>> 19) >>> 0
    state[0] = word
    return word
  }
}

/** Message id and conversation, for the sender of a frame to know: it has a copy of its own. */
export function copyIdentity (written: DataView, from: number, view: DataView, at: number): void {
  for (let byte = FRAME.messageEpoch; byte < FRAME.deadline; byte += 4) {
    view.setUint32(at + byte, written.getUint32(from + byte, true), true)
  }
}
