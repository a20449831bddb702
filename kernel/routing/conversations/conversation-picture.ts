import { CONVERSATION_ENDS, type ConversationEnd } from './conversation-ends.js'
import type { Conversations } from './conversations.js'
import type { TranscriptEntry } from './conversation-transcripts.js'
import type { EndedConversation } from './ended-conversation.js'
import { NOBODY, type OpenConversation } from './open-conversation.js'

/** A participant of a conversation, as it crosses threads. */
export interface BranchPicture {
  /** Handle. */
  readonly participant: number
  /** Name of the state that its protocol gives it. */
  readonly state: string
  readonly isOver: boolean
  /** Wall-clock time by which the next message is due; 0 none. */
  readonly due: number
}

/** A conversation at one moment, as it crosses threads. Times are wall-clock milliseconds. */
export interface ConversationPicture {
  readonly id: bigint
  /** Name of its protocol; empty: every act is legal. */
  readonly protocol: string
  /** Handle of whoever began it. */
  readonly initiator: number
  readonly priority: number
  readonly opened: number
  /** When somebody spoke last, or when it ended. */
  readonly active: number
  /** Undefined while it is open. */
  readonly end: ConversationEnd | undefined
  /** In the order in which they joined; maybe not all. */
  readonly branches: readonly BranchPicture[]
  /** How many there are. */
  readonly participants: number
  readonly transcript: readonly TranscriptEntry[]
}

/** @param most Most branches that are drawn. @param withTranscript Whether its messages are wanted. */
export function openPicture (
  from: Conversations, conversation: OpenConversation, most: number, withTranscript: boolean,
): ConversationPicture {
  const protocol = from.protocol(conversation)
  const branches: BranchPicture[] = []
  for (let branch = conversation.latestBranch; branch !== undefined && branches.length < most; branch = branch.earlier) {
    const { participant, state } = branch
    const due = from.table.branches.due(branch)
    branches.push({
      participant, state: protocol?.stateName(state) ?? '', isOver: protocol?.isFinal(state) ?? false,
      due: due === Infinity ? 0 : due,
    })
  }
  return {
    id: conversation.id,
    protocol: protocol?.protocol.name ?? '',
    initiator: conversation.initiator,
    priority: conversation.priority,
    opened: conversation.opened,
    active: conversation.touched,
    end: undefined,
    branches: branches.reverse(),
    participants: conversation.branchCount,
    transcript: withTranscript ? from.transcripts.of(conversation) : [],
  }
}

/** The picture of one that ended. */
export function endedPicture (from: Conversations, ended: EndedConversation, withTranscript: boolean): ConversationPicture {
  const protocol = from.protocols[ended.protocol]
  const branchOf = (participant: number, state: number): BranchPicture =>
    ({ participant, state: protocol?.stateName(state) ?? '', isOver: protocol?.isFinal(state) ?? false, due: 0 })
  const branches = ended.branchCount === 0 ? [] : [branchOf(ended.participant, ended.state)]
  for (let at = 0; at < ended.others.length; at += 2) branches.push(branchOf(ended.others[at] ?? NOBODY, ended.others[at + 1] ?? 0))
  return {
    id: ended.id,
    protocol: protocol?.protocol.name ?? '',
    initiator: ended.initiator,
    priority: ended.priority,
    opened: ended.opened,
    active: ended.ended,
    end: CONVERSATION_ENDS[ended.end],
    branches: branches.reverse(),
    participants: ended.branchCount,
    transcript: withTranscript ? from.ended.transcript(ended) : [],
  }
}
