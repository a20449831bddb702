import { create } from '@bufbuild/protobuf'
import { actOfCode, ConversationSchema, DELIVERY, PRIORITY, type Conversation } from '../../contract/index.js'
import { conversationText } from '../frames/acl-message.js'
import type { NameOf } from '../frames/frame-message.js'
import type { ConversationPicture } from './conversation-picture.js'
import { modeOfId } from './conversations.js'
import { ConversationIdInvalid } from '../routing-errors.js'

const ID = /^c?([0-9a-f]{1,16})$/i
/** Who can't be named any more. */
const GONE = '(gone)'

/** A conversation for the world outside. */
export function shownConversation (picture: ConversationPicture, nameOf: NameOf): Conversation {
  const name = (handle: number): string => nameOf(handle) ?? GONE
  const initiator = name(picture.initiator)
  return create(ConversationSchema, {
    id: conversationText(picture.id),
    protocol: picture.protocol,
    initiator,
    priority: PRIORITY[picture.priority] ?? '',
    delivery: DELIVERY[modeOfId(picture.id)] ?? '',
    openedAt: BigInt(picture.opened),
    activeAt: BigInt(picture.active),
    end: picture.end ?? '',
    participants: picture.branches.map(({ participant, state, isOver, due }) =>
      ({ name: name(participant), state, over: isOver, dueAt: BigInt(due) })),
    participantCount: picture.participants,
    transcript: picture.transcript.map(({ at, byInitiator, participant, act, content, contentBytes }) => ({
      at: BigInt(at), content, contentBytes,
      sender: byInitiator ? initiator : name(participant),
      receiver: byInitiator ? name(participant) : initiator,
      performative: actOfCode(act) ?? '',
    })),
  })
}

/** The conversation that an id of the world outside stands for. Throws `CONVERSATION_ID_INVALID`. */
export function conversationId (text: string): bigint {
  const digits = ID.exec(text.trim())?.[1]
  if (digits === undefined) throw ConversationIdInvalid({ id: text.slice(0, 64) })
  return BigInt(`0x${digits}`)
}
