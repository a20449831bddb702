/** How many conversations one thread keeps open, how large they are, and for how long. */
export interface ConversationLimits {
  readonly all: number
  /** Opened by one and the same agent. */
  readonly ofOne: number
  /** Participants of one conversation. */
  readonly participants: number
  /** Milliseconds of silence after which a conversation is forgotten. */
  readonly idle: number
  /** Milliseconds for which changes gather until they are reported. */
  readonly tick: number
  /** Messages that are kept of each for whoever inspects it, and bytes of the content of each. */
  readonly transcript: number
  readonly transcriptBytes: number
}
