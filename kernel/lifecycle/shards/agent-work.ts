import { FRAME } from '../../contract/in-shard.js'
import { hasConversation } from '../../routing/conversations/conversation-checks.js'
import type { HeldBack } from '../../routing/delivery-ways.js'
import type { Undeliverable } from '../../routing/undeliverable.js'

/** Most bytes that an agent's unfinished work holds. */
const MOST_BYTES = 16 * 1024 * 1024
/** From so many bytes, or messages, on the agent waits for the commit before it goes on. */
const ENOUGH_BYTES = 1024 * 1024
const ENOUGH_MESSAGES = 256

/**
 * What one agent did since its latest commit: the exactly-once messages it handled, what it sent meanwhile, its timers. Nothing of it
 * leaves the shard before it is committed. Takes the place of a sender's ways while the agent has its turn.
 */
export class AgentWork implements HeldBack {
  bytes: Uint8Array = new Uint8Array(0)
  view: DataView = new DataView(new ArrayBuffer(0))
  readonly at = 0
  /** Delivery numbers of the messages that were handled. */
  readonly numbers: number[] = []
  /** Frames that are kept with the commit, and those that only wait for it. */
  readonly durable: Uint8Array[] = []
  passing: Uint8Array[] = []
  /** Wall-clock time of each timer that was set; 0: it is gone. */
  readonly timers = new Map<number, number>()
  /** Ids of conversations that it began: two words each. */
  readonly begun: number[] = []
  /** Ids of conversations that it spoke in, or heard something of: two words each, maybe more than once. */
  readonly touched: number[] = []
  state: Uint8Array | undefined
  #bytes = 0

  get isEmpty (): boolean {
    return this.numbers.length === 0 && this.durable.length === 0 && this.passing.length === 0 && this.timers.size === 0
  }

  /** Bytes of what it holds. */
  get size (): number {
    return this.#bytes + (this.state?.length ?? 0)
  }

  get isEnough (): boolean {
    return this.#bytes >= ENOUGH_BYTES || this.numbers.length >= ENOUGH_MESSAGES
  }

  reserve (_handle: number, length: number): Undeliverable | undefined {
    if (this.#bytes + length > MOST_BYTES) return 'MAILBOX_FULL'
    this.bytes = new Uint8Array(length)
    this.view = new DataView(this.bytes.buffer)
    return undefined
  }

  /** The frame belongs to a conversation, if it does. */
  touch (view: DataView, at: number): void {
    if (hasConversation(view, at)) {
      this.touched.push(view.getUint32(at + FRAME.conversation, true), view.getUint32(at + FRAME.conversation + 4, true))
    }
  }

  began (low: number, high: number): void {
    this.begun.push(low, high)
  }

  commit (): void {
    this.#bytes += this.bytes.length
    const frames = this.view.getUint8(FRAME.delivery) === 0 ? this.passing : this.durable
    frames.push(this.bytes)
  }
}
