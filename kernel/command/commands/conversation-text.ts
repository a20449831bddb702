import type { Conversation } from '../../contract/proto/caxton/v1/conversations_pb.js'
import { momentText, spanText } from './moment-text.js'

/** Participants that are named in a line; the rest is counted. */
const NAMED = 3

/** `open`, or how it ended. */
export const conversationState = ({ end }: Conversation): string => end === '' ? 'open' : end

/** `seller-1 (proposed), seller-2 (refused), 8 more` */
export function participantsText ({ participants, participantCount }: Conversation): string {
  const named = participants.slice(0, NAMED).map(({ name, state }) => state === '' ? name : `${name} (${state})`)
  const more = participantCount - named.length
  return [...named, ...(more > 0 ? [`${more} more`] : [])].join(', ') || '-'
}

/** When the next deadline of any participant is; 0: there is none. */
export function nextDue ({ participants }: Conversation): bigint {
  const times = participants.map(({ dueAt }) => dueAt).filter(due => due > 0n)
  return times.reduce((soonest, due) => due < soonest ? due : soonest, times[0] ?? 0n)
}

/** `in 5s`, `passed`, or `-` for none. */
export function dueText (due: bigint, now: number): string {
  if (due === 0n) return '-'
  return Number(due) <= now ? 'passed' : `in ${spanText(Number(due) - now)}`
}

/** What a record says of a conversation. */
export function conversationFields (conversation: Conversation, now: number): Array<readonly [string, string]> {
  const { id, protocol, initiator, priority, delivery, openedAt, activeAt, end, participants, participantCount } = conversation
  const hidden = participantCount - participants.length
  return [
    ['conversation', id],
    ['protocol', protocol || 'none'],
    ['initiator', initiator],
    ['state', conversationState(conversation)],
    ['priority', priority],
    ['delivery', delivery],
    ['opened', momentText(openedAt)],
    [end === '' ? 'active' : 'ended', momentText(activeAt)],
    ...participants.map(({ name, state, dueAt }) =>
      ['participant', `${name}  ${state}${dueAt === 0n ? '' : `  due ${dueText(dueAt, now)}`}`] as const),
    ...(hidden > 0 ? [['participants', `${hidden} more`] as const] : []),
  ]
}
