import type { ProtocolTable } from './protocol-tables.js'

export const INITIATOR = 0
export const PARTICIPANT = 1

/** One participant's thread of a conversation. */
export interface Branch {
  readonly participant: number
  state: number
  /** Wall-clock time by which the next message is due; 0 none. */
  due: number
}

/** A conversation at its initiator's home. `protocol` undefined: free, every act is legal, ended by its initiator only. */
export interface Conversation {
  readonly id: bigint
  readonly protocol: ProtocolTable | undefined
  /** Handle of the agent or caller that opened it. */
  readonly initiator: number
  readonly branches: Branch[]
  /** Wall-clock time of the latest message. */
  touched: number
}

/** What a message means for its conversation. */
export type Verdict =
  | { readonly legal: true }
  | { readonly legal: false, readonly state: string, readonly acts: readonly string[] }

const IDLE_SWEEP = 60_000
const LEGAL: Verdict = { legal: true }

/**
 * The conversations whose home is this thread. Every message passes exactly one check: outgoing before it leaves the
 * initiator, incoming when it arrives at the initiator's home.
 */
export class Conversations {
  readonly #open = new Map<bigint, Conversation>()
  #counter = 0n
  /** Earliest due time of any branch; Infinity when nothing is due. May be early, never late. */
  #soonest = Infinity
  #nextIdleSweep = 0

  /**
   * @param home Number of this thread; it is part of every id, so that anybody can tell where a conversation lives.
   * @param start Different at every start of the thread, so that ids are not used twice. Below 2²⁴.
   */
  constructor (private readonly home: number, private readonly start: number) {}

  get size (): number {
    return this.#open.size
  }

  /** Where the conversation of this id lives. */
  static homeOf (id: bigint): number {
    return Number(id >> 56n)
  }

  find (id: bigint): Conversation | undefined {
    return this.#open.get(id)
  }

  open (protocol: ProtocolTable | undefined, initiator: number, now: number): Conversation {
    this.#counter += 1n
    const id = BigInt(this.home) << 56n | BigInt(this.start) << 32n | (this.#counter & 0xffffffffn)
    const conversation: Conversation = { id, protocol, initiator, branches: [], touched: now }
    this.#open.set(id, conversation)
    return conversation
  }

  close (id: bigint): void {
    this.#open.delete(id)
  }

  /**
   * Checks a message and, when it is legal, takes the step.
   *
   * @param other The participant's handle: receiver of an initiator's message, sender of a participant's.
   * @param deadline The message's reply-by, 0 none.
   */
  step (conversation: Conversation, role: number, other: number, act: number, deadline: number, now: number): Verdict {
    const { protocol } = conversation
    conversation.touched = now
    if (protocol === undefined) return LEGAL
    const known = this.#branch(conversation, other)
    if (known === undefined && role === PARTICIPANT) return { legal: false, state: 'not a participant', acts: [] }
    const branch = known ?? { participant: other, state: protocol.initial, due: 0 }
    const next = protocol.next(branch.state, role, act)
    if (next < 0) return { legal: false, state: protocol.stateName(branch.state), acts: protocol.legal(branch.state, role) }
    if (known === undefined) conversation.branches.push(branch)
    branch.state = next
    branch.due = protocol.deadline(next) === undefined ? 0 : deadline
    if (branch.due > 0) this.#soonest = Math.min(this.#soonest, branch.due)
    return LEGAL
  }

  /** Whether nothing more can happen in the conversation. */
  isOver (conversation: Conversation): boolean {
    const { protocol, branches } = conversation
    return protocol !== undefined && branches.length > 0 && branches.every(branch => protocol.isFinal(branch.state))
  }

  /** Wall-clock time at which {@link expire} has something to do. */
  get due (): number {
    return this.#open.size === 0 ? Infinity : Math.min(this.#soonest, this.#nextIdleSweep)
  }

  /**
   * Moves every branch whose deadline passed, calls back for each, and ends what is over or was silent for `idleLimit`
   * milliseconds. Looks at every open conversation, but only when one is due, and once a minute.
   */
  expire (now: number, idleLimit: number, passed: (conversation: Conversation, branch: Branch, tells: number) => void): void {
    if (now < this.due) return
    this.#soonest = Infinity
    this.#nextIdleSweep = now + Math.min(idleLimit, IDLE_SWEEP)
    for (const conversation of this.#open.values()) {
      for (const branch of conversation.branches) this.#expireBranch(conversation, branch, now, passed)
      if (this.isOver(conversation) || now - conversation.touched >= idleLimit) this.close(conversation.id)
    }
  }

  /** Ends every conversation that an initiator opened, because it is gone. */
  closeOf (initiator: number): void {
    for (const conversation of this.#open.values()) if (conversation.initiator === initiator) this.close(conversation.id)
  }

  #expireBranch (
    conversation: Conversation, branch: Branch, now: number,
    passed: (conversation: Conversation, branch: Branch, tells: number) => void,
  ): void {
    if (branch.due === 0) return
    if (branch.due > now) {
      this.#soonest = Math.min(this.#soonest, branch.due)
      return
    }
    branch.due = 0
    const deadline = conversation.protocol?.deadline(branch.state)
    if (deadline === undefined) return
    branch.state = deadline.to
    passed(conversation, branch, deadline.tells)
  }

  #branch (conversation: Conversation, participant: number): Branch | undefined {
    for (const branch of conversation.branches) if (branch.participant === participant) return branch
    return undefined
  }
}
