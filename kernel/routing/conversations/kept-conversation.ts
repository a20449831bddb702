import type { NameOf } from '../frames/frame-message.js'
import type { ConversationPicture } from './conversation-picture.js'

/** A participant of a kept conversation. */
export interface KeptParticipant {
  readonly name: string
  readonly state: string
  readonly isOver: boolean
  /** Wall-clock time by which the next message is due; 0 none. */
  readonly due: number
}

/** An open conversation as it outlives a start: with names, since handles don't. */
export interface KeptConversation {
  readonly protocol: string
  readonly initiator: string
  readonly priority: number
  readonly opened: number
  readonly participants: readonly KeptParticipant[]
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Under what a conversation is kept: its id, which begins with its home, so that the order is by home. */
export const keyOfConversation = (id: bigint): string => id.toString(16).padStart(16, '0')

export const idOfKey = (key: string): bigint => BigInt(`0x${key}`)

/** The thread that a conversation lives in. */
export const homeOfKey = (key: string): number => Number.parseInt(key.slice(0, 2), 16)

/** Names are read now: a moment later the handles may be somebody else's. Undefined: there is nothing to keep of it. */
export function keptConversation (picture: ConversationPicture, nameOf: NameOf): KeptConversation | undefined {
  const { protocol, priority, opened, branches } = picture
  const initiator = nameOf(picture.initiator)
  if (initiator === undefined || branches.length === 0) return undefined
  const participants = branches.map(({ participant, state, isOver, due }) => ({ name: nameOf(participant) ?? '', state, isOver, due }))
  return { protocol, initiator, priority, opened, participants }
}

export const conversationValue = (kept: KeptConversation): Uint8Array => encoder.encode(JSON.stringify(kept))

/** What was written by {@link conversationValue}; undefined when it is something else. */
export function conversationOf (value: Uint8Array): KeptConversation | undefined {
  try {
    const read: unknown = JSON.parse(decoder.decode(value))
    return isKept(read) ? read : undefined
  } catch {
    return undefined
  }
}

const isKept = (read: unknown): read is KeptConversation =>
  isRecord(read) && isText(read['protocol']) && isText(read['initiator']) && isNumber(read['priority']) && isNumber(read['opened']) &&
  Array.isArray(read['participants']) && read['participants'].every(isParticipant)

const isParticipant = (read: unknown): boolean =>
  isRecord(read) && isText(read['name']) && isText(read['state']) && typeof read['isOver'] === 'boolean' && isNumber(read['due'])

const isRecord = (read: unknown): read is Record<string, unknown> => typeof read === 'object' && read !== null
const isText = (read: unknown): boolean => typeof read === 'string'
const isNumber = (read: unknown): boolean => typeof read === 'number'
