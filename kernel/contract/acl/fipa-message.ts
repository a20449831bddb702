import type { Act } from '../acts.js'

/** An agent as FIPA identifies it (SC00023K §3.1). */
export interface FipaAgent {
  /** Never empty. */
  readonly name: string
  /** Transport addresses, best first. */
  readonly addresses: readonly string[]
  /** Agents that know where it is reached. */
  readonly resolvers: readonly FipaAgent[]
  /** Parameters of its own by name, `X-...`. */
  readonly user: Readonly<Record<string, string>>
}

/**
 * A whole FIPA ACL message (SC00061G): the 13 parameters, and the sender's own. An empty text is a parameter that was
 * left out. How a value was written is not kept: `abc` and `"abc"` are one text, and a nested expression is the text of
 * its plainest notation, such as `(a (b 1))`.
 */
export interface FipaMessage {
  readonly performative: Act
  readonly sender: FipaAgent | undefined
  readonly receivers: readonly FipaAgent[]
  readonly replyTo: readonly FipaAgent[]
  readonly content: Uint8Array
  /** Empty: `application/json`, which is never spelled out here. FIPA has no parameter for it. */
  readonly mediaType: string
  readonly language: string
  readonly encoding: string
  readonly ontology: string
  readonly protocol: string
  readonly conversationId: string
  readonly replyWith: string
  readonly inReplyTo: string
  /** Milliseconds since the Unix epoch, a whole number up to {@link LATEST_REPLY_BY}; 0 none. */
  readonly replyBy: number
  /** Parameters of the sender's own by name, `X-...`. */
  readonly user: Readonly<Record<string, string>>
}

/** The end of the year 9999, the last that four digits can say; milliseconds since the Unix epoch. */
export const LATEST_REPLY_BY = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

const DEFAULT_MEDIA_TYPE = 'application/json'

/** A media type as a message carries it. */
export const mediaTypeOf = (text: string): string => text === DEFAULT_MEDIA_TYPE ? '' : text

const EMPTY: Omit<FipaMessage, 'performative'> = {
  sender: undefined, receivers: [], replyTo: [], content: new Uint8Array(0), mediaType: '', language: '', encoding: '',
  ontology: '', protocol: '', conversationId: '', replyWith: '', inReplyTo: '', replyBy: 0, user: {},
}

/** A message of which only what is given is said. */
export function fipaMessage (said: Partial<FipaMessage> & Pick<FipaMessage, 'performative'>): FipaMessage {
  return { ...EMPTY, ...said, mediaType: mediaTypeOf(said.mediaType ?? '') }
}

/** An agent of which only the name is known. */
export const agentNamed = (name: string): FipaAgent => ({ name, addresses: [], resolvers: [], user: {} })

/** Whether an identifier says no more than a name. */
export const isOnlyName = ({ addresses, resolvers, user }: FipaAgent): boolean =>
  addresses.length === 0 && resolvers.length === 0 && Object.keys(user).length === 0

/** The name that says all of a set of agents: empty for none, undefined when a name does not say it all. */
export function onlyName (agents: readonly FipaAgent[]): string | undefined {
  const [first, ...rest] = agents
  if (first === undefined) return ''
  return rest.length === 0 && isOnlyName(first) ? first.name : undefined
}
