import { DELIVERY, FRAME } from '../../contract/in-shard.js'
import { ConversationChanges } from './conversation-changes.js'
import { numberOfEnd, type ConversationEnd } from './conversation-ends.js'
import { ConversationTranscripts } from './conversation-transcripts.js'
import { EndedConversations } from './ended-conversations.js'
import type { ConversationLimits } from './conversation-limits.js'
import type { ConversationBranch, OpenConversation } from './open-conversation.js'
import { OpenConversations } from './open-conversations.js'
import { INITIATOR, type CompiledDeadline, type ProtocolTable } from './protocol-tables.js'
import { LEGAL, type Verdict } from './verdict.js'

/** In place of a protocol's number: every act is legal, and only the initiator ends the conversation. */
export const FREE = -1

/** A conversation that was open when its thread ended. */
export interface FormerConversation {
  readonly id: bigint
  readonly protocol: number
  readonly initiator: number
  readonly opened: number
  readonly priority: number
}

/** Called for a branch whose deadline passed. */
export type DeadlinePassed = (branch: ConversationBranch, deadline: CompiledDeadline) => void

/** Conversations that a thread remembers after their end. */
const REMEMBERED = 1_024
/** Deadlines, and silences, that one call of {@link Conversations.expire} acts on. */
const EXPIRED_AT_ONCE = 512
const NOT_A_PARTICIPANT: Verdict = { legal: false, state: 'not a participant', acts: [] }
const TOO_MANY_PARTICIPANTS: Verdict = { legal: false, state: 'too many participants', acts: [] }

/** Which thread the conversation of a frame lives in: the uppermost byte of its id. */
export const homeOf = (view: DataView, at: number): number => view.getUint8(at + FRAME.conversation + 7)

/** How the messages of a frame's conversation are delivered at least, a position in `DELIVERY`: two bits of its id, for anybody to read. */
export function conversationMode (view: DataView, at: number): number {
  const mode = view.getUint8(at + FRAME.conversation + 6) >>> 6
  return mode < DELIVERY.length ? mode : 0
}

/** The same of a whole id. */
export const modeOfId = (id: bigint): number => Number(id >> 54n & 3n)

/** The conversations whose home is this thread: the steps of their protocols, their deadlines and ends. */
export class Conversations {
  /** The open ones. */
  readonly table: OpenConversations
  readonly changes = new ConversationChanges()
  readonly ended = new EndedConversations(REMEMBERED)
  readonly transcripts: ConversationTranscripts

  /**
   * @param home Number of this thread, below 256; it is part of every id, so that anybody can tell where a conversation
   *   lives.
   * @param start Different at every start of the thread, so that ids are not used twice. Below 2²².
   * @param protocols A conversation has the number of one of them, or {@link FREE}.
   * @param ids How many ids there are until they begin anew: at most 2³², and more than `limits.all`.
   */
  constructor (
    home: number, start: number, readonly protocols: readonly ProtocolTable[], limits: ConversationLimits, ids = 2 ** 32,
  ) {
    this.table = new OpenConversations(home << 24 | start, limits, ids)
    this.transcripts = new ConversationTranscripts(limits.transcript, limits.transcriptBytes)
  }

  /** Undefined: every act is legal. */
  protocol (conversation: OpenConversation): ProtocolTable | undefined {
    return this.protocols[conversation.protocol]
  }

  /** Opens a conversation; undefined: this thread or this initiator has too many. */
  open (protocol: number, initiator: number, now: number, priority = 1, delivery = 0): OpenConversation | undefined {
    const conversation = this.table.open(protocol, initiator, now, priority, delivery)
    if (conversation !== undefined) this.changes.note(conversation, now)
    return conversation
  }

  /** Opens a conversation of a former start again; undefined: it can't be. Its participants join next. */
  reopen (former: FormerConversation, now: number): OpenConversation | undefined {
    const { id, protocol, initiator, opened, priority } = former
    const conversation = this.table.reopen(id, protocol, initiator, opened, now, priority)
    if (conversation !== undefined) this.changes.noteReported(conversation)
    return conversation
  }

  /** A participant of a former start, in its state. `due`: 0 for none. */
  rejoin (conversation: OpenConversation, participant: number, state: number, due: number): void {
    const { branches } = this.table
    const protocol = this.protocol(conversation)
    if (protocol === undefined || branches.find(conversation, participant) !== undefined) return
    const branch = branches.add(conversation, participant, protocol.initial)
    enter(branch, state, protocol)
    if (due > 0 && protocol.deadline(state) !== undefined) branches.setDue(branch, due)
  }

  /** Ends a conversation, and remembers it for a while. */
  close (conversation: OpenConversation, end: ConversationEnd, now: number): void {
    const transcript = this.transcripts.isWanted ? this.transcripts.of(conversation) : undefined
    this.ended.remember(conversation, numberOfEnd(end), now, transcript)
    this.discard(conversation, now)
  }

  /** Ends a conversation as if it had never begun. */
  discard (conversation: OpenConversation, now: number): void {
    this.changes.noteEnd(conversation, now)
    if (this.transcripts.isWanted) this.transcripts.take(conversation)
    this.table.close(conversation)
  }

  /**
   * Checks a message and, when it is legal, takes the step.
   *
   * @param other The participant's handle: receiver of an initiator's message, sender of a participant's.
   * @param deadline The message's reply-by; 0 or less: none.
   */
  step (conversation: OpenConversation, role: number, other: number, act: number, deadline: number, now: number): Verdict {
    const { table } = this
    const protocol = this.protocol(conversation)
    if (protocol === undefined) {
      table.touch(conversation, now)
      return LEGAL
    }
    const known = table.branches.find(conversation, other)
    if (known === undefined && role !== INITIATOR) return NOT_A_PARTICIPANT
    if (known === undefined && table.isCrowded(conversation)) return TOO_MANY_PARTICIPANTS
    const state = known === undefined ? protocol.initial : known.state
    const next = protocol.next(state, role, act)
    if (next < 0) return protocol.refusal(state, role, act)
    const branch = known ?? table.branches.add(conversation, other, state)
    enter(branch, next, protocol)
    this.changes.note(conversation, now)
    if (deadline > 0 && protocol.deadline(next) !== undefined) table.branches.setDue(branch, deadline)
    else table.branches.takeBackDue(branch)
    if (!conversation.isOver) table.touch(conversation, now)
    return LEGAL
  }

  /** Wall-clock time at which {@link expire} has something to do. */
  get due (): number {
    const { table } = this
    const { oldest } = table
    return Math.min(table.branches.soonest, oldest === undefined ? Infinity : oldest.touched + table.limits.idle)
  }

  /**
   * Moves branches whose deadline passed, calls back for each, and ends what is over or was silent for too long; a
   * share of them at a time, so that the thread can look around: {@link due} says whether there is more.
   */
  expire (now: number, passed: DeadlinePassed): void {
    const { table } = this
    for (let count = 0; count < EXPIRED_AT_ONCE && table.branches.soonest <= now; count++) {
      const { firstDue } = table.branches
      if (firstDue !== undefined) this.#expireBranch(firstDue, now, passed)
    }
    for (let count = 0; count < EXPIRED_AT_ONCE; count++) {
      const { oldest } = table
      if (oldest === undefined || now - oldest.touched < table.limits.idle) return
      this.close(oldest, 'idle', now)
    }
  }

  /** How many open conversations an agent began, or takes part in and has not finished. Looks at all of them. */
  involving (handle: number): number {
    const { table } = this
    let count = 0
    for (let at = table.newest; at !== undefined; at = at.older) {
      const branch = table.branches.find(at, handle)
      const isOpen = branch !== undefined && this.protocol(at)?.isFinal(branch.state) !== true
      if (isOpen || at.initiator === handle) count += 1
    }
    return count
  }

  /** Ends every conversation that an initiator opened, because it is gone; `ending` is called before each ends. */
  closeOf (initiator: number, now: number, ending: (conversation: OpenConversation) => void): void {
    for (const conversation of this.table.openedBy(initiator)) {
      ending(conversation)
      this.close(conversation, 'initiator gone', now)
    }
  }

  #expireBranch (branch: ConversationBranch, now: number, passed: DeadlinePassed): void {
    const { conversation } = branch
    this.table.branches.takeBackDue(branch)
    const protocol = this.protocol(conversation)
    const deadline = protocol?.deadline(branch.state)
    if (protocol === undefined || deadline === undefined) return
    enter(branch, deadline.to, protocol)
    this.changes.note(conversation, now)
    passed(branch, deadline)
    if (conversation.isOver) this.close(conversation, 'deadline passed', now)
  }
}

/** A branch changes its state. */
function enter (branch: ConversationBranch, state: number, protocol: ProtocolTable): void {
  branch.conversation.unfinished -= protocol.finished(branch.state, state)
  branch.state = state
}
