import { FRAME } from '../../contract/in-shard.js'
import { TokenBucket } from './token-bucket.js'

/** Most buckets that are kept; beyond that all of them begin anew. */
const BUCKETS = 16_384

/** Rules about who may write to whom, in the form in which every thread asks them. Of those that fit, the first one decides. */
export interface PolicyTables {
  /** 32-bit words for one bit a rule. */
  readonly words: number
  /** By handle and word: the rules whose senders, and whose receivers, its owner is among. Main goes on writing them. */
  readonly senders: SharedArrayBuffer
  readonly receivers: SharedArrayBuffer
  /** By act and word: the rules that are about it. */
  readonly acts: Uint32Array
  /** By rule: whether it forbids, and messages a second of each sender; 0: any number. */
  readonly forbids: readonly boolean[]
  readonly rates: readonly number[]
  /** Whether what no rule is about is forbidden. */
  readonly forbidsOthers: boolean
}

/** Why a message may not go. */
export type Barred = 'MESSAGE_FORBIDDEN' | 'MESSAGE_RATE_EXCEEDED'

/** The rules as one thread asks them, for each message. Makes no garbage, but for a sender's first message under a rule with a rate. */
export class MessagePolicy {
  readonly #senders: Uint32Array
  readonly #receivers: Uint32Array
  /** By sender and rule. */
  readonly #buckets = new Map<number, TokenBucket>()

  /** @param elapsed Milliseconds of a clock that never goes back. */
  constructor (private readonly tables: PolicyTables, private readonly elapsed: () => number) {
    this.#senders = new Uint32Array(tables.senders)
    this.#receivers = new Uint32Array(tables.receivers)
  }

  /** Why the frame at `view[at]` may not go from one to the other, if so; one that may is counted where its rule has a rate. */
  bars (view: DataView, at: number, sender: number, receiver: number): Barred | undefined {
    const rule = this.#ruleOf(sender, receiver, view.getUint8(at + FRAME.act))
    if (rule < 0) return this.tables.forbidsOthers ? 'MESSAGE_FORBIDDEN' : undefined
    if (this.tables.forbids[rule] === true) return 'MESSAGE_FORBIDDEN'
    const rate = this.tables.rates[rule] ?? 0
    if (rate === 0) return undefined
    const now = this.elapsed()
    return this.#bucket(sender, rule, rate, now).take(now) ? undefined : 'MESSAGE_RATE_EXCEEDED'
  }

  /** Whether a message may not go, however many came before it. */
  forbids (sender: number, receiver: number, act: number): boolean {
    const rule = this.#ruleOf(sender, receiver, act)
    return rule < 0 ? this.tables.forbidsOthers : this.tables.forbids[rule] === true
  }

  /** The first rule that is about all three, or -1. */
  #ruleOf (sender: number, receiver: number, act: number): number {
    const { words, acts } = this.tables
    for (let word = 0; word < words; word++) {
      const fitting = (this.#senders[sender * words + word] ?? 0) & (this.#receivers[receiver * words + word] ?? 0) &
        (acts[act * words + word] ?? 0)
      if (fitting !== 0) return word * 32 + 31 - Math.clz32(fitting & -fitting)
    }
    return -1
  }

  #bucket (sender: number, rule: number, rate: number, now: number): TokenBucket {
    const key = sender * this.tables.words * 32 + rule
    const known = this.#buckets.get(key)
    if (known !== undefined) return known
    if (this.#buckets.size >= BUCKETS) this.#buckets.clear()
    const bucket = new TokenBucket(rate, now)
    this.#buckets.set(key, bucket)
    return bucket
  }
}
