import { actCode } from '../../contract/in-shard.js'
import type { Conversations, DeadlinePassed } from './conversations.js'
import type { Address } from '../frames/frame.js'
import type { MessageStamp } from '../frames/message-stamp.js'
import { conversationNotice, type AnsweredConversation } from '../platform-answers.js'
import { INITIATOR, PLATFORM } from './protocol-tables.js'
import { PLATFORM_HANDLE, type RouteTable } from '../directory/route-table.js'
import type { Undeliverable } from '../undeliverable.js'

const FAILURE = actCode('failure')
const CANCEL = actCode('cancel')

/** What {@link ConversationVoice} works with. */
export interface VoiceParts {
  readonly conversations: Conversations
  readonly routes: RouteTable
  readonly stamp: MessageStamp
  /** Wall clock in milliseconds. */
  readonly now: () => number
  /** Delivers a frame that the platform made; the conversation is not asked. */
  readonly deliver: (frame: Uint8Array) => void
}

/** What the platform says for one end of a conversation to the other: deadlines, ends, cancellations. One per thread. */
export class ConversationVoice {
  constructor (private readonly parts: VoiceParts) {}

  /** One end hears, in the name of the other, that no answer came. */
  readonly tellDeadline: DeadlinePassed = (conversation, branch, { tells, tellsParticipant }) => {
    const participant = this.parts.conversations.table.branches.participant(branch)
    if (tellsParticipant) this.#tellParticipant(conversation, participant, tells, 'DEADLINE_PASSED')
    else this.#tellInitiator(conversation, participant, tells, 'DEADLINE_PASSED')
  }

  /** The participants of a conversation that is about to end hear that its initiator is gone. */
  readonly tellGone = (conversation: number): void => {
    const { table } = this.parts.conversations
    const initiator = table.initiator(conversation)
    for (const participant of this.#unfinished(conversation)) {
      if (participant !== initiator) this.#tellParticipant(conversation, participant, FAILURE, 'INITIATOR_GONE')
    }
  }

  /**
   * A participant is gone for good: the initiators of conversations in which more was to come from it hear so, and nobody is taken for it
   * who has its handle later.
   */
  depart (participant: number): void {
    this.#withEach([participant], 'AGENT_NOT_FOUND')
    this.parts.conversations.ended.vacate(participant)
  }

  /** These participants are gone with their node, or from it: initiators hear so as of {@link depart}. */
  lose (participants: readonly number[], code: Undeliverable): void {
    this.#withEach(participants, code)
  }

  #withEach (participants: readonly number[], code: Undeliverable): void {
    const { table } = this.parts.conversations
    for (let each = table.newest; each >= 0;) {
      const older = table.older(each)
      for (const participant of participants) {
        const branch = table.branchOf(each, participant)
        if (branch >= 0 && this.#depart(each, branch, participant, code)) break
      }
      each = older
    }
  }

  /** The same as {@link tellGone} for a conversation that is not open here. `initiator`: handle, 0 when it has none any more. */
  tellLost (about: AnsweredConversation, initiator: number, participants: readonly number[]): void {
    for (const participant of participants) {
      this.#say(this.#address(initiator), this.#address(participant), about, FAILURE, 'INITIATOR_GONE')
    }
  }

  /**
   * Cancels a conversation for its initiator: with `cancel` where all of its unfinished branches know that, so that the
   * participants have the last word; otherwise it ends, and both ends get a failure.
   */
  cancel (conversation: number): void {
    const participants = this.#unfinished(conversation)
    if (this.#knowsCancel(conversation)) this.#sayCancel(conversation, participants)
    else this.#endCancelled(conversation, participants)
  }

  /** Whether the conversation has ended with it. */
  #depart (conversation: number, branch: number, participant: number, code: Undeliverable): boolean {
    const { conversations, now } = this.parts
    const { table } = conversations
    const isAwaited = conversations.protocol(conversation)?.isFinal(table.branches.state(branch)) === false
    if (isAwaited && conversations.step(conversation, PLATFORM, participant, FAILURE, 0, now()).legal) {
      this.#tellInitiator(conversation, participant, FAILURE, code)
    }
    table.branches.vacate(branch, table.branchCount(conversation))
    if (!table.isOver(conversation)) return false
    conversations.close(conversation, 'completed', now())
    return true
  }

  #sayCancel (conversation: number, participants: readonly number[]): void {
    const { conversations, now } = this.parts
    const { table } = conversations
    for (const participant of participants) {
      const due = table.branches.due(table.branchOf(conversation, participant))
      conversations.step(conversation, INITIATOR, participant, CANCEL, due === Infinity ? 0 : due, now())
      this.#tellParticipant(conversation, participant, CANCEL, 'CONVERSATION_CANCELLED')
    }
    if (table.isOver(conversation)) conversations.close(conversation, 'cancelled', now())
  }

  /** The conversation ends first: a caller that is told looks whether there is more to come. */
  #endCancelled (conversation: number, participants: readonly number[]): void {
    const { conversations, now } = this.parts
    const about = this.#about(conversation)
    const initiator = conversations.table.initiator(conversation)
    conversations.close(conversation, 'cancelled', now())
    const others = participants.filter(participant => participant !== initiator)
    for (const other of others) this.#say(this.#address(initiator), this.#address(other), about, FAILURE, 'CONVERSATION_CANCELLED')
    for (const participant of participants.length > 0 ? participants : [PLATFORM_HANDLE]) {
      this.#say(this.#address(participant), this.#address(initiator), about, FAILURE, 'CONVERSATION_CANCELLED')
    }
  }

  #knowsCancel (conversation: number): boolean {
    const { conversations } = this.parts
    const protocol = conversations.protocol(conversation)
    if (protocol === undefined || conversations.table.branchCount(conversation) === 0) return false
    const { branches } = conversations.table
    for (let branch = conversations.table.latestBranch(conversation); branch >= 0; branch = branches.next(branch)) {
      const state = branches.state(branch)
      if (!protocol.isFinal(state) && protocol.next(state, INITIATOR, CANCEL) < 0) return false
    }
    return true
  }

  /** Participants whose branch is not over. */
  #unfinished (conversation: number): number[] {
    const { conversations } = this.parts
    const { table } = conversations
    const protocol = conversations.protocol(conversation)
    const participants: number[] = []
    for (let branch = table.latestBranch(conversation); branch >= 0; branch = table.branches.next(branch)) {
      if (protocol?.isFinal(table.branches.state(branch)) === false) participants.push(table.branches.participant(branch))
    }
    return participants
  }

  #tellInitiator (conversation: number, participant: number, act: number, code: Undeliverable): void {
    const { conversations: { table } } = this.parts
    this.#say(this.#address(participant), this.#address(table.initiator(conversation)), this.#about(conversation), act, code)
  }

  #tellParticipant (conversation: number, participant: number, act: number, code: Undeliverable): void {
    const { conversations: { table } } = this.parts
    this.#say(this.#address(table.initiator(conversation)), this.#address(participant), this.#about(conversation), act, code)
  }

  #say (sender: Address, receiver: Address, about: AnsweredConversation, act: number, code: Undeliverable): void {
    this.parts.stamp.beginTrace()
    this.parts.deliver(conversationNotice(sender, receiver, about, act, code))
  }

  #about (conversation: number): AnsweredConversation {
    const { conversations } = this.parts
    const { table } = conversations
    return {
      id: table.id(conversation),
      protocol: conversations.protocol(conversation)?.protocol.name,
      priority: table.priority(conversation),
    }
  }

  #address (handle: number): Address {
    return { handle, generation: this.parts.routes.generation(handle) }
  }
}
