import { parseAct, type Act } from '../acts.js'
import { agentNamed, fipaMessage, isOnlyName, LATEST_REPLY_BY, onlyName, type FipaAgent, type FipaMessage } from './fipa-message.js'
import { JSON_MEMBERS, type JsonKind, type JsonMemberName } from './json-members.js'
import { MESSAGE_BOUNDS } from './message-bounds.js'
import { TEXT_PARAMETERS } from './message-parameters.js'

/** A message in its JSON form; docs/message.schema.json is its schema. */
export type MessageJson = Readonly<Record<string, unknown>>

/** What reading JSON gave, or which value can't be what it is. */
export type ReadJson<T> =
  | { readonly ok: true, readonly value: T }
  /** `path` is empty for the whole; else such as `receivers[0].name`. */
  | { readonly ok: false, readonly path: string, readonly reason: string }

interface ValueOf {
  act: Act
  text: string
  base64: Uint8Array
  time: number
  agent: FipaAgent
  agents: readonly FipaAgent[]
  texts: Readonly<Record<string, string>>
}

/** The members of one kind. */
type NamesOf<Kind extends JsonKind> = {
  [Name in JsonMemberName]: typeof JSON_MEMBERS[Name]['kind'] extends Kind ? Name : never
}[JsonMemberName]

class NotReadable extends Error {
  constructor (readonly path: string, readonly reason: string) {
    super(reason)
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const encoder = new TextEncoder()
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/
const LONE_SURROGATE = /\p{Surrogate}/u

/** A message in its JSON form, with every text present. */
export function writeMessageJson (message: FipaMessage): MessageJson {
  const { performative, sender, receivers, replyTo, content, mediaType, replyBy, user } = message
  return {
    performative,
    sender: sender?.name ?? '',
    receiver: receivers[0]?.name ?? '',
    ...contentJson(content),
    mediaType,
    ...Object.fromEntries(TEXT_PARAMETERS.map(name => [name, message[name]])),
    replyBy: String(replyBy),
    replyTo: replyTo[0]?.name ?? '',
    user,
    receivers: onlyName(receivers) === undefined ? receivers : [],
    replyToSet: onlyName(replyTo) === undefined ? replyTo : [],
    ...sender === undefined || isOnlyName(sender) ? {} : { senderIdentifier: sender },
  }
}

/** Reads a message from a value that JSON gave. Everything but `performative` may be left out. Never throws. */
export function readMessageJson (json: unknown): ReadJson<FipaMessage> {
  try {
    return { ok: true, value: messageOf(json) }
  } catch (error) {
    if (!(error instanceof NotReadable)) throw error
    return { ok: false, path: error.path, reason: error.reason }
  }
}

function messageOf (json: unknown): FipaMessage {
  const object = objectOf(json, '')
  const unknown = Object.keys(object).find(name => !Object.hasOwn(JSON_MEMBERS, name))
  if (unknown !== undefined) throw new NotReadable(unknown, 'a message has no such member')
  if (object['content'] !== undefined && object['contentBase64'] !== undefined) {
    throw new NotReadable('contentBase64', 'the content is given twice')
  }
  const read = <Kind extends JsonKind>(kind: Kind, name: NamesOf<Kind>): ValueOf[Kind] | undefined =>
    object[name] === undefined ? undefined : READERS[kind](object[name], name)
  const performative = read('act', 'performative')
  if (performative === undefined) throw new NotReadable('performative', 'it is missing')
  const texts = Object.fromEntries(TEXT_PARAMETERS.map(name => [name, read('text', name) ?? '']))
  return fipaMessage({
    performative,
    ...texts,
    sender: read('agent', 'senderIdentifier') ?? named(read('text', 'sender'))[0],
    receivers: several(read('agents', 'receivers')) ?? named(read('text', 'receiver')),
    replyTo: several(read('agents', 'replyToSet')) ?? named(read('text', 'replyTo')),
    content: read('base64', 'contentBase64') ?? encoder.encode(read('text', 'content') ?? ''),
    mediaType: read('text', 'mediaType') ?? '',
    replyBy: read('time', 'replyBy') ?? 0,
    user: read('texts', 'user') ?? {},
  })
}

const several = (agents: readonly FipaAgent[] | undefined): readonly FipaAgent[] | undefined =>
  agents === undefined || agents.length === 0 ? undefined : agents

const named = (name: string | undefined): readonly FipaAgent[] => name === undefined || name === '' ? [] : [agentNamed(name)]

const READERS: { readonly [Kind in JsonKind]: (json: unknown, path: string, depth?: number) => ValueOf[Kind] } = {
  act (json, path) {
    const act = parseAct(textOf(json, path))
    if (act === undefined) throw new NotReadable(path, 'it is not one of the 22 FIPA acts')
    return act
  },
  text: textOf,
  base64 (json, path) {
    const text = textOf(json, path)
    if (!BASE64.test(text)) throw new NotReadable(path, 'it is not base64')
    return Uint8Array.from(Buffer.from(text, 'base64'))
  },
  time (json, path) {
    const time = typeof json === 'string' && /^\d{1,15}$/.test(json) ? Number(json) : json
    if (typeof time !== 'number' || !Number.isInteger(time) || time < 0 || time > LATEST_REPLY_BY) {
      throw new NotReadable(path, 'it is not a time from 1970 to 9999 in whole milliseconds since 1970')
    }
    return time
  },
  agent: agentOf,
  agents: (json, path, depth) => listOf(json, path, (item, at) => agentOf(item, at, depth)),
  texts (json, path) {
    return Object.fromEntries(Object.entries(objectOf(json, path)).map(([name, value]) => {
      if (name === '' || name.includes('\0')) throw new NotReadable(`${path}.${name}`, 'no parameter can have this name')
      return [textOf(name, path), textOf(value, `${path}.${name}`)]
    }))
  },
}

function agentOf (json: unknown, path: string, depth = 0): FipaAgent {
  if (depth > MESSAGE_BOUNDS.depth) throw new NotReadable(path, 'resolvers are nested too deep')
  const { name, addresses = [], resolvers = [], user = {}, ...rest } = objectOf(json, path)
  const unknown = Object.keys(rest)[0]
  if (unknown !== undefined) throw new NotReadable(`${path}.${unknown}`, 'an agent identifier has no such member')
  const agent = {
    name: textOf(name, `${path}.name`),
    addresses: listOf(addresses, `${path}.addresses`, textOf),
    resolvers: READERS.agents(resolvers, `${path}.resolvers`, depth + 1),
    user: READERS.texts(user, `${path}.user`),
  }
  if (agent.name === '') throw new NotReadable(`${path}.name`, 'it is empty')
  return agent
}

function objectOf (json: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) return { ...json }
  throw new NotReadable(path, 'it is not an object')
}

function listOf<T> (json: unknown, path: string, itemOf: (item: unknown, path: string) => T): T[] {
  if (!Array.isArray(json)) throw new NotReadable(path, 'it is not a list')
  return json.map((item: unknown, index) => itemOf(item, `${path}[${index}]`))
}

function textOf (json: unknown, path: string): string {
  if (typeof json !== 'string') throw new NotReadable(path, 'it is not a text')
  if (LONE_SURROGATE.test(json)) throw new NotReadable(path, 'it has half a character')
  return json
}

function contentJson (content: Uint8Array): object {
  try {
    return { content: decoder.decode(content) }
  } catch {
    return { contentBase64: Buffer.from(content).toString('base64') }
  }
}
