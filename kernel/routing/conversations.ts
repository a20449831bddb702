import { FRAME } from '../contract/index.js'
import { INITIATOR, type CompiledDeadline, type ProtocolTable } from './protocol-tables.js'
import { LEGAL, type Verdict } from './verdict.js'

/** One participant's thread of a conversation. */
export interface Branch {
  readonly participant: number
  state: number
  /** Wall-clock time by which the next message is due; 0 none. */
  due: number
}

/**
 * A conversation at its initiator's home. `protocol` undefined: free, every act is legal, ended by its initiator only.
 */
export interface Conversation {
  readonly id: bigint
  readonly protocol: ProtocolTable | undefined
  /** Handle of the agent or caller that opened it. */
  readonly initiator: number
  readonly branches: Branch[]
  /** Wall-clock time of the latest message. */
  touched: number
}

/** How many conversations one thread keeps open. */
export interface ConversationBounds {
  readonly all: number
  /** Opened by one and the same agent. */
  readonly ofOne: number
}

/** The bounds of a shard: an agent that opens conversations without end can't crowd out the others. */
export const SHARD_BOUNDS: ConversationBounds = { all: 65_536, ofOne: 4_096 }
/** The bounds of the main thread, where all callers are one. */
export const MAIN_BOUNDS: ConversationBounds = { all: 65_536, ofOne: 65_536 }

/** Most participants of one conversation. */
const PARTICIPANTS = 100
const IDLE_SWEEP = 60_000
/** Least milliseconds between two looks at all conversations, and how many conversations cost one millisecond more. */
const SWEEP_PAUSE = 5
const SWEPT_PER_MILLISECOND = 1_000
const NOT_A_PARTICIPANT: Verdict = { legal: false, state: 'not a participant', acts: [] }
const TOO_MANY_PARTICIPANTS: Verdict = { legal: false, state: 'too many participants', acts: [] }

/** Which thread the conversation of a frame lives in: the uppermost byte of its id. */
export const homeOf = (view: DataView, at: number): number => view.getUint8(at + FRAME.conversation + 7)

/** The conversations whose home is this thread: their states, deadlines and ends. */
export class Conversations {
  readonly #open = new Map<bigint, Conversation>()
  readonly #counts = new Map<number, number>()
  #counter = 0n
  /** Earliest due time of any branch; Infinity when nothing is due. May be early, never late. */
  #soonest = Infinity
  #nextIdleSweep = 0
  #notBefore = 0

  /**
   * @param home Number of this thread, below 256; it is part of every id, so that anybody can tell where a conversation
   *   lives.
   * @param start Different at every start of the thread, so that ids are not used twice. Below 2²⁴.
   * @param ids How many ids there are until they begin anew: at most 2³², and more than `bounds.all`.
   */
  constructor (
    private readonly home: number, private readonly start: number,
    private readonly bounds: ConversationBounds = SHARD_BOUNDS, private readonly ids = 1n << 32n,
  ) {}

  get size (): number {
    return this.#open.size
  }

  find (id: bigint): Conversation | undefined {
    return this.#open.get(id)
  }

  /** Opens a conversation, or answers undefined when this thread or this initiator has too many. */
  open (protocol: ProtocolTable | undefined, initiator: number, now: number): Conversation | undefined {
    const ofInitiator = this.#counts.get(initiator) ?? 0
    if (this.#open.size >= this.bounds.all || ofInitiator >= this.bounds.ofOne) return undefined
    const conversation: Conversation = { id: this.#freshId(), protocol, initiator, branches: [], touched: now }
    this.#open.set(conversation.id, conversation)
    this.#counts.set(initiator, ofInitiator + 1)
    return conversation
  }

  close (id: bigint): void {
    const conversation = this.#open.get(id)
    if (conversation === undefined) return
    this.#open.delete(id)
    const left = (this.#counts.get(conversation.initiator) ?? 1) - 1
    if (left > 0) this.#counts.set(conversation.initiator, left)
    else this.#counts.delete(conversation.initiator)
  }

  /**
   * Checks a message and, when it is legal, takes the step.
   *
   * @param other The participant's handle: receiver of an initiator's message, sender of a participant's.
   * @param deadline The message's reply-by; 0 or less: none.
   */
  step (conversation: Conversation, role: number, other: number, act: number, deadline: number, now: number): Verdict {
    const { protocol } = conversation
    conversation.touched = now
    if (protocol === undefined) return LEGAL
    const known = branchOf(conversation, other)
    if (known === undefined && role !== INITIATOR) return NOT_A_PARTICIPANT
    if (known === undefined && conversation.branches.length >= PARTICIPANTS) return TOO_MANY_PARTICIPANTS
    const branch = known ?? { participant: other, state: protocol.initial, due: 0 }
    const next = protocol.next(branch.state, role, act)
    if (next < 0) return protocol.refusal(branch.state, role, act)
    if (known === undefined) conversation.branches.push(branch)
    branch.state = next
    branch.due = protocol.deadline(next) === undefined || deadline < 0 ? 0 : deadline
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
    return this.#open.size === 0 ? Infinity : Math.max(this.#notBefore, Math.min(this.#soonest, this.#nextIdleSweep))
  }

  /**
   * Moves every branch whose deadline passed, calls back for each, and ends what is over or was silent for `idleLimit`
   * milliseconds. Looks at every open conversation, but only when one is due, and once a minute; the more there are the
   * longer the pause between two looks, so that deadlines of a millisecond can't keep the thread busy.
   */
  expire (now: number, idleLimit: number, passed: (conversation: Conversation, branch: Branch, deadline: CompiledDeadline) => void): void {
    if (now < this.due) return
    this.#soonest = Infinity
    this.#nextIdleSweep = now + Math.min(idleLimit, IDLE_SWEEP)
    this.#notBefore = now + SWEEP_PAUSE + this.#open.size / SWEPT_PER_MILLISECOND
    for (const conversation of this.#open.values()) {
      for (const branch of conversation.branches) this.#expireBranch(conversation, branch, now, passed)
      if (this.isOver(conversation) || now - conversation.touched >= idleLimit) this.close(conversation.id)
    }
  }

  /** Ends every conversation that an initiator opened, because it is gone. */
  closeOf (initiator: number): void {
    if (!this.#counts.has(initiator)) return
    for (const conversation of this.#open.values()) if (conversation.initiator === initiator) this.close(conversation.id)
  }

  #expireBranch (
    conversation: Conversation, branch: Branch, now: number,
    passed: (conversation: Conversation, branch: Branch, deadline: CompiledDeadline) => void,
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
    passed(conversation, branch, deadline)
  }

  /** The ids of conversations that are still open are passed over when the count begins anew. */
  #freshId (): bigint {
    const prefix = BigInt(this.home) << 56n | BigInt(this.start) << 32n
    for (;;) {
      this.#counter = (this.#counter + 1n) % this.ids
      const id = prefix | this.#counter
      if (id !== 0n && !this.#open.has(id)) return id
    }
  }
}

function branchOf ({ branches }: Conversation, participant: number): Branch | undefined {
  for (const branch of branches) if (branch.participant === participant) return branch
  return undefined
}
