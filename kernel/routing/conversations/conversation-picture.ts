import { CONVERSATION_ENDS, type ConversationEnd } from './conversation-ends.js'
import type { Conversations } from './conversations.js'
import { REMEMBERED_BRANCHES } from './ended-conversations.js'
import type { TranscriptEntry } from './conversation-transcripts.js'

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
export function openPicture (from: Conversations, conversation: number, most: number, withTranscript: boolean): ConversationPicture {
  const { table } = from
  const protocol = from.protocol(conversation)
  const branches: BranchPicture[] = []
  const { branches: all } = table
  for (let branch = table.latestBranch(conversation); branch >= 0 && branches.length < most; branch = all.next(branch)) {
    const state = all.state(branch)
    const due = all.due(branch)
    branches.push({
      participant: all.participant(branch), state: protocol?.stateName(state) ?? '', isOver: protocol?.isFinal(state) ?? false,
      due: due === Infinity ? 0 : due,
    })
  }
  return {
    id: table.id(conversation),
    protocol: protocol?.protocol.name ?? '',
    initiator: table.initiator(conversation),
    priority: table.priority(conversation),
    opened: table.opened(conversation),
    active: table.touched(conversation),
    end: undefined,
    branches: branches.reverse(),
    participants: table.branchCount(conversation),
    transcript: withTranscript ? from.transcripts.of(conversation) : [],
  }
}

/** The picture of one that ended. `serial`: its number among those that are remembered. */
export function endedPicture (from: Conversations, serial: number, withTranscript: boolean): ConversationPicture {
  const { ended } = from
  const protocol = from.protocols[ended.protocol(serial)]
  const count = Math.min(ended.branchCount(serial), REMEMBERED_BRANCHES)
  return {
    id: ended.id(serial),
    protocol: protocol?.protocol.name ?? '',
    initiator: ended.initiator(serial),
    priority: ended.priority(serial),
    opened: ended.opened(serial),
    active: ended.ended(serial),
    end: CONVERSATION_ENDS[ended.end(serial)],
    branches: Array.from({ length: count }, (_, which): BranchPicture => {
      const state = ended.state(serial, count - 1 - which)
      return {
        participant: ended.participant(serial, count - 1 - which), state: protocol?.stateName(state) ?? '',
        isOver: protocol?.isFinal(state) ?? false, due: 0,
      }
    }),
    participants: ended.branchCount(serial),
    transcript: withTranscript ? ended.transcript(serial) : [],
  }
}
