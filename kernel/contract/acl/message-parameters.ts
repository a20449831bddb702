import type { FipaMessage } from './fipa-message.js'

/** Parameters of a message whose value is a text. */
export type TextParameter =
  'language' | 'encoding' | 'ontology' | 'protocol' | 'conversationId' | 'replyWith' | 'inReplyTo'

/** A parameter of FIPA SC00061G §2, as its forms know it. */
export interface MessageParameter {
  /** What it is called in a message and in JSON. */
  readonly name: Exclude<keyof FipaMessage, 'performative' | 'mediaType' | 'user'>
  /** What it is called in the string form, with its colon and in lower case. */
  readonly keyword: string
  readonly doc: string
}

/** All parameters but the act itself, in the order in which they are written. */
export const MESSAGE_PARAMETERS: readonly MessageParameter[] = [
  { name: 'sender', keyword: ':sender', doc: 'Who says it. The server writes it.' },
  { name: 'receivers', keyword: ':receiver', doc: 'Whom it goes to.' },
  { name: 'content', keyword: ':content', doc: 'What is said.' },
  { name: 'replyWith', keyword: ':reply-with', doc: 'A text that the answer repeats.' },
  { name: 'replyBy', keyword: ':reply-by', doc: 'Until when an answer is wanted.' },
  { name: 'inReplyTo', keyword: ':in-reply-to', doc: 'The `reply-with` of the message that this one answers.' },
  { name: 'replyTo', keyword: ':reply-to', doc: 'Whom the answer should go to, if not to the sender.' },
  { name: 'language', keyword: ':language', doc: 'Language that the content is written in.' },
  { name: 'encoding', keyword: ':encoding', doc: 'How the content is encoded.' },
  { name: 'ontology', keyword: ':ontology', doc: 'What the words of the content mean.' },
  { name: 'protocol', keyword: ':protocol', doc: 'The rules of the conversation.' },
  { name: 'conversationId', keyword: ':conversation-id', doc: 'The conversation that it belongs to.' },
]

export const TEXT_PARAMETERS: readonly TextParameter[] =
  ['language', 'encoding', 'ontology', 'protocol', 'conversationId', 'replyWith', 'inReplyTo']
