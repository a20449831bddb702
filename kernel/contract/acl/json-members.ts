/** What a member of the JSON form may be. */
export type JsonKind = 'act' | 'text' | 'base64' | 'time' | 'agent' | 'agents' | 'texts'

/** A member of the JSON form of a message. */
export interface JsonMember {
  readonly kind: JsonKind
  readonly doc: string
}

/**
 * The members of the JSON form of a message: those of `caxton.v1.AclMessage`, but for the content, which is text where
 * it can be. The reader and the published schema are both made from this.
 */
export const JSON_MEMBERS = {
  performative: { kind: 'act', doc: 'What the sender means by it: one of the 22 acts of FIPA SC00037J. Case does not matter.' },
  sender: { kind: 'text', doc: 'Name of the agent that says it. The server writes it.' },
  receiver: { kind: 'text', doc: 'Name of the agent that it goes to.' },
  content: { kind: 'text', doc: 'The content, when it is UTF-8.' },
  contentBase64: { kind: 'base64', doc: 'The content in base64, when it is not UTF-8.' },
  mediaType: { kind: 'text', doc: 'Media type of the content; empty: application/json.' },
  language: { kind: 'text', doc: 'Language that the content is written in.' },
  encoding: { kind: 'text', doc: 'How the content is encoded.' },
  ontology: { kind: 'text', doc: 'What the words of the content mean.' },
  protocol: { kind: 'text', doc: 'The rules of the conversation, such as fipa-request.' },
  conversationId: { kind: 'text', doc: 'The conversation that it belongs to.' },
  replyWith: { kind: 'text', doc: 'A text that the answer repeats.' },
  inReplyTo: { kind: 'text', doc: 'The replyWith of the message that this one answers.' },
  replyBy: { kind: 'time', doc: 'Until when an answer is wanted, in milliseconds since the Unix epoch; 0: no matter.' },
  replyTo: { kind: 'text', doc: 'Name of the agent that the answer should go to, if not to the sender.' },
  user: { kind: 'texts', doc: 'Parameters of the sender\'s own; their names begin with "X-".' },
  receivers: { kind: 'agents', doc: 'The whole set of receivers, where it says more than the one name in receiver.' },
  replyToSet: { kind: 'agents', doc: 'The whole set of those to answer to, where it says more than the one name in replyTo.' },
  senderIdentifier: { kind: 'agent', doc: 'The whole identifier of the sender, where it says more than its name.' },
} as const satisfies Readonly<Record<string, JsonMember>>

export type JsonMemberName = keyof typeof JSON_MEMBERS
