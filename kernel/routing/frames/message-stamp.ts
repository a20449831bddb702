import { FRAME } from '../../contract/in-shard.js'
import type { TraceSampler } from '../../observability/trace-sampler.js'

/** Position in a trace as four and two 32-bit words, so that the hot path handles no strings. */
export interface TraceWords {
  readonly trace: Uint32Array
  sampled: number
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
  readonly current: TraceWords = { trace: new Uint32Array(4), sampled: 0 }
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

  /** Goes on with the trace of the frame that is being handled. */
  continueTrace (view: DataView, at: number): void {
    const { trace } = this.current
    for (let word = 0; word < 4; word++) trace[word] = view.getUint32(at + FRAME.traceId + word * 4)
    this.current.sampled = view.getUint8(at + FRAME.traceFlags) & 1
  }

  /** Goes on with a trace that came from outside. `traceId`: 32 hex digits. */
  adoptTrace (traceId: string, sampled: boolean): void {
    for (let word = 0; word < 4; word++) this.current.trace[word] = Number.parseInt(traceId.slice(word * 8, word * 8 + 8), 16)
    this.current.sampled = sampled ? 1 : 0
  }

  /** Begins a trace, for what no message caused: a timer, a start. */
  beginTrace (): void {
    const { trace } = this.current
    for (let word = 0; word < 4; word++) trace[word] = this.word()
    trace[0] = (trace[0] ?? 0) | 1
    this.current.sampled = this.sampler.decide(this.word() / 0x100000000) ? 1 : 0
  }

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
