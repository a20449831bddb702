import type { ConversationLimits } from '../../routing/conversations/conversation-limits.js'
import type { ConversationsConfiguration } from '../configuration/kernel-schema.js'

/** The limits of a thread's conversations, as the configuration sets them. */
export const limitsOf = (configured: ConversationsConfiguration): ConversationLimits => ({
  all: configured.max, ofOne: configured.max_of_one, participants: configured.participants, idle: configured.idle,
  tick: configured.tick, transcript: configured.transcript, transcriptBytes: configured.transcript_bytes,
})
