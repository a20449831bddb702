import { actCode } from '../../contract/in-shard.js'
import type { Conversations, DeadlinePassed } from './conversations.js'
import type { Address } from '../frames/frame.js'
import type { MessageStamp } from '../frames/message-stamp.js'
import { conversationNotice, type AnsweredConversation } from '../platform-answers.js'
import type { ConversationBranch, OpenConversation } from './open-conversation.js'
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
  readonly tellDeadline: DeadlinePassed = ({ conversation, participant }, { tells, tellsParticipant }) => {
    if (tellsParticipant) this.#tellParticipant(conversation, participant, tells, 'DEADLINE_PASSED')
    else this.#tellInitiator(conversation, participant, tells, 'DEADLINE_PASSED')
  }

  /** The participants of a conversation that is about to end hear that its initiator is gone. */
  readonly tellGone = (conversation: OpenConversation): void => {
    const { initiator } = conversation
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
    for (let each = table.newest; each !== undefined;) {
      const { older }: OpenConversation = each
      for (const participant of participants) {
        const branch = table.branches.find(each, participant)
        if (branch !== undefined && this.#depart(branch, participant, code)) break
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
  cancel (conversation: OpenConversation): void {
    const participants = this.#unfinished(conversation)
    if (this.#knowsCancel(conversation)) this.#sayCancel(conversation, participants)
    else this.#endCancelled(conversation, participants)
  }

  /** Whether the conversation has ended with it. */
  #depart (branch: ConversationBranch, participant: number, code: Undeliverable): boolean {
    const { conversations, now } = this.parts
    const { conversation } = branch
    const isAwaited = conversations.protocol(conversation)?.isFinal(branch.state) === false
    if (isAwaited && conversations.step(conversation, PLATFORM, participant, FAILURE, 0, now()).legal) {
      this.#tellInitiator(conversation, participant, FAILURE, code)
    }
    conversations.table.branches.vacate(branch)
    if (!conversation.isOver) return false
    conversations.close(conversation, 'completed', now())
    return true
  }

  #sayCancel (conversation: OpenConversation, participants: readonly number[]): void {
    const { conversations, now } = this.parts
    const { branches } = conversations.table
    for (const participant of participants) {
      const branch = branches.find(conversation, participant)
      const due = branch === undefined ? Infinity : branches.due(branch)
      conversations.step(conversation, INITIATOR, participant, CANCEL, due === Infinity ? 0 : due, now())
      this.#tellParticipant(conversation, participant, CANCEL, 'CONVERSATION_CANCELLED')
    }
    if (conversation.isOver) conversations.close(conversation, 'cancelled', now())
  }

  /** The conversation ends first: a caller that is told looks whether there is more to come. */
  #endCancelled (conversation: OpenConversation, participants: readonly number[]): void {
    const { conversations, now } = this.parts
    const about = this.#about(conversation)
    const { initiator } = conversation
    conversations.close(conversation, 'cancelled', now())
    const others = participants.filter(participant => participant !== initiator)
    for (const other of others) this.#say(this.#address(initiator), this.#address(other), about, FAILURE, 'CONVERSATION_CANCELLED')
    for (const participant of participants.length > 0 ? participants : [PLATFORM_HANDLE]) {
      this.#say(this.#address(participant), this.#address(initiator), about, FAILURE, 'CONVERSATION_CANCELLED')
    }
  }

  #knowsCancel (conversation: OpenConversation): boolean {
    const protocol = this.parts.conversations.protocol(conversation)
    if (protocol === undefined || conversation.branchCount === 0) return false
    for (let branch = conversation.latestBranch; branch !== undefined; branch = branch.earlier) {
      const { state }: ConversationBranch = branch
      if (!protocol.isFinal(state) && protocol.next(state, INITIATOR, CANCEL) < 0) return false
    }
    return true
  }

  /** Participants whose branch is not over. */
  #unfinished (conversation: OpenConversation): number[] {
    const protocol = this.parts.conversations.protocol(conversation)
    const participants: number[] = []
    for (let branch = conversation.latestBranch; branch !== undefined; branch = branch.earlier) {
      if (protocol?.isFinal(branch.state) === false) participants.push(branch.participant)
    }
    return participants
  }

  #tellInitiator (conversation: OpenConversation, participant: number, act: number, code: Undeliverable): void {
    this.#say(this.#address(participant), this.#address(conversation.initiator), this.#about(conversation), act, code)
  }

  #tellParticipant (conversation: OpenConversation, participant: number, act: number, code: Undeliverable): void {
    this.#say(this.#address(conversation.initiator), this.#address(participant), this.#about(conversation), act, code)
  }

  #say (sender: Address, receiver: Address, about: AnsweredConversation, act: number, code: Undeliverable): void {
    this.parts.stamp.beginTrace()
    this.parts.deliver(conversationNotice(sender, receiver, about, act, code))
  }

  #about (conversation: OpenConversation): AnsweredConversation {
    const { id, priority } = conversation
    return { id, protocol: this.parts.conversations.protocol(conversation)?.protocol.name, priority }
  }

  #address (handle: number): Address {
    return { handle, generation: this.parts.routes.generation(handle) }
  }
}
