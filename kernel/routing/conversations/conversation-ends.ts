/** How a conversation ended. The position is the number that is kept of it. */
export const CONVERSATION_ENDS = [
  'completed', 'deadline passed', 'idle', 'initiator gone', 'cancelled', 'caller left',
] as const

export type ConversationEnd = typeof CONVERSATION_ENDS[number]

const NUMBERS = new Map<ConversationEnd, number>(CONVERSATION_ENDS.map((end, number) => [end, number]))

export const numberOfEnd = (end: ConversationEnd): number => NUMBERS.get(end) ?? 0
