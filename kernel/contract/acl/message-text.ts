import { parseAct, type Act } from '../acts.js'
import { agentNotation, agentSetNotation, readAgent, readAgentSet } from './agent-notation.js'
import { dateTimeText, readDateTime } from './date-time.js'
import { nameNotation, readExpression, wordNotation } from './expression.js'
import { fipaMessage, type FipaMessage } from './fipa-message.js'
import { MESSAGE_BOUNDS } from './message-bounds.js'
import { MESSAGE_PARAMETERS, type MessageParameter } from './message-parameters.js'
import { quoted, reading, type ReadResult } from './read-result.js'
import { TokenReader } from './token-reader.js'
import { isUserKeyword, readUserParameter, userNotation, withMediaType, withoutMediaType } from './user-parameters.js'

type Parameter = MessageParameter['name']

const PARAMETER_OF = new Map(MESSAGE_PARAMETERS.map(({ keyword, name }) => [keyword, name]))
const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Reads a message in FIPA's string representation (SC00070I). Takes time in proportion to the number of bytes, and less
 * than 50 ms for the largest that it takes ({@link MESSAGE_BOUNDS}). Never throws.
 *
 * @param now What relative date-times count from, in milliseconds since the Unix epoch.
 */
export function readMessageText (bytes: Uint8Array, now: number): ReadResult<FipaMessage> {
  return reading(() => {
    const tokens = new TokenReader(bytes.subarray(0, MESSAGE_BOUNDS.bytes + 1))
    if (bytes.length > MESSAGE_BOUNDS.bytes) {
      tokens.position = MESSAGE_BOUNDS.bytes
      tokens.fail(`the message is longer than ${MESSAGE_BOUNDS.bytes} bytes`)
    }
    const message = readMessage(tokens, now)
    if (tokens.next() !== 'end') tokens.fail(`expected the end of the message, found ${tokens.found()}`)
    return message
  })
}

/** Writes a message in FIPA's string representation (SC00070I). All but content is UTF-8. */
export function writeMessageText (message: FipaMessage): Uint8Array {
  const parts: Uint8Array[] = [encoder.encode(`(${message.performative}`)]
  for (const { name, keyword } of MESSAGE_PARAMETERS) {
    const value = name === 'content' ? contentNotation(message.content) : notationOf(message, name)
    if (value !== undefined) parts.push(encoder.encode(` ${keyword} `), typeof value === 'string' ? encoder.encode(value) : value)
  }
  parts.push(encoder.encode(`${userNotation(withMediaType(message.mediaType, message.user))})`))
  return Uint8Array.from(Buffer.concat(parts))
}

function readMessage (tokens: TokenReader, now: number): FipaMessage {
  tokens.take('open', 'a message such as (inform :content "hello")')
  const performative = readAct(tokens)
  const said: { -readonly [Name in Parameter]?: FipaMessage[Name] } = {}
  const user = new Map<string, string>()
  while (tokens.next() !== 'close') {
    if (tokens.next() !== 'bare') tokens.fail(`expected a parameter or ")", found ${tokens.found()}`)
    const at = tokens.position
    const keyword = tokens.bare()
    const name = PARAMETER_OF.get(keyword.toLowerCase())
    if (name !== undefined && name in said) fail(tokens, at, `${quoted(keyword)} is given twice`)
    refuseKeyword(tokens, keyword)
    if (name !== undefined) Object.assign(said, { [name]: readValue(tokens, name, now) })
    else if (isUserKeyword(keyword)) readUserParameter(tokens, keyword, at, user)
    else fail(tokens, at, `${quoted(keyword)} is no parameter of a message; those of your own begin with ":X-"`)
  }
  tokens.take('close', '")"')
  return fipaMessage({ performative, ...said, ...withoutMediaType(user) })
}

function readAct (tokens: TokenReader): Act {
  if (tokens.next() !== 'bare') tokens.fail(`expected an act such as "request", found ${tokens.found()}`)
  const at = tokens.position
  const word = tokens.bare()
  return parseAct(word) ?? fail(tokens, at, `${quoted(word)} is not one of the 22 FIPA acts`)
}

/** A keyword in the place of a value: the value was forgotten. */
function refuseKeyword (tokens: TokenReader, keyword: string): void {
  if (tokens.next() !== 'bare') return
  const at = tokens.position
  const word = tokens.bare()
  tokens.position = at
  tokens.budget.tokens += 1
  if (PARAMETER_OF.has(word.toLowerCase()) || isUserKeyword(word)) tokens.fail(`${quoted(keyword)} has no value`)
}

function readValue (tokens: TokenReader, name: Parameter, now: number): FipaMessage[Parameter] {
  switch (name) {
    case 'sender': return readAgent(tokens)
    case 'receivers': case 'replyTo': return readAgentSet(tokens)
    case 'replyBy': return readReplyBy(tokens, now)
    case 'content':
      return tokens.next() === 'string' ? tokens.stringBytes() : tokens.fail(`content must be a string in quotes, found ${tokens.found()}`)
    default: return readExpression(tokens)
  }
}

function readReplyBy (tokens: TokenReader, now: number): number {
  if (tokens.next() !== 'bare') tokens.fail(`expected a date-time, found ${tokens.found()}`)
  const at = tokens.position
  const text = tokens.bare()
  const time = readDateTime(text, now)
  return typeof time === 'number' ? time : fail(tokens, at, `${quoted(text)} can't be a date-time: ${time}`)
}

function fail (tokens: TokenReader, at: number, reason: string): never {
  tokens.position = at
  return tokens.fail(reason)
}

/** The notation of a parameter, or undefined when it is left out. */
function notationOf (message: FipaMessage, name: Exclude<Parameter, 'content'>): string | undefined {
  switch (name) {
    case 'sender': return message.sender === undefined ? undefined : agentNotation(message.sender)
    case 'receivers': case 'replyTo': return message[name].length === 0 ? undefined : agentSetNotation(message[name])
    case 'replyBy': return message.replyBy === 0 ? undefined : dateTimeText(message.replyBy)
    case 'protocol': return message.protocol === '' ? undefined : wordNotation(message.protocol)
    default: return message[name] === '' ? undefined : nameNotation(message[name])
  }
}

/** A literal where a parser that reads text can take it; with the number of its bytes in front where not. */
function contentNotation (content: Uint8Array): string | Uint8Array | undefined {
  if (content.length === 0) return undefined
  try {
    const text = decoder.decode(content)
    if (content.length <= MESSAGE_BOUNDS.escaped && !text.endsWith('\\')) return `"${text.replaceAll('"', '\\"')}"`
  } catch {
    // Not UTF-8.
  }
  return Buffer.concat([encoder.encode(`#${content.length}"`), content])
}
