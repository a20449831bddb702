/** How a conversation ended. The position is the number that is kept of it. */
export const CONVERSATION_ENDS = [
  'completed', 'deadline passed', 'idle', 'initiator gone', 'cancelled', 'caller left',
] as const

export type ConversationEnd = typeof CONVERSATION_ENDS[number]
