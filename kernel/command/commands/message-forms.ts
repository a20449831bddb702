import type { CommandContext } from '../../contract/command.js'
import { aclOfMessage, messageOfAcl } from '../../contract/acl/acl-message-parts.js'
import { readMessageJson } from '../../contract/acl/message-json.js'
import { readMessageText, writeMessageText } from '../../contract/acl/message-text.js'
import type { AclMessage } from '../../contract/proto/caxton/v1/messages_pb.js'
import { CommandMessageMalformed, CommandOptionMisused } from '../command-errors.js'
import { textWidth } from '../terminal/text-width.js'
import { visible } from '../terminal/visible-text.js'
import { textOfBytes, type JsonObject } from './answer-data.js'
import { option } from './input-words.js'
import { readContent } from './message-content.js'

const OPTION = '`--acl`'
/** Options that say a part of a message, which `--acl` says whole. */
const PARTS = ['to', 'performative', 'content', 'protocol', 'conversation', 'reply-by', 'ontology', 'language', 'media-type']
/** Bytes of the line that are shown before and behind the mark. */
const AROUND = 48

/** A whole message as the request carries it. */
export type WholeMessage = { readonly acl: Uint8Array } | { readonly message: AclMessage }

/**
 * The message that `--acl` says, in the string form or as JSON; undefined when it is not given. The string form goes to
 * the server as it is, so that its clock counts relative times.
 */
export async function wholeMessage ({ input, clock, workingFolder }: CommandContext): Promise<WholeMessage | undefined> {
  const word = option(input, 'acl')
  if (word === undefined) return undefined
  const twice = PARTS.find(name => input.options[name] !== undefined)
  if (twice !== undefined) {
    const problem = 'can\'t be given with `--acl`, which says the whole message'
    throw CommandOptionMisused({ command: 'caxton message send', option: `--${twice}`, problem })
  }
  const bytes = await readContent(word, workingFolder, undefined, OPTION)
  if (/^\s*\{/.test(Buffer.from(bytes.subarray(0, AROUND)).toString())) return { message: messageOfJson(bytes) }
  const read = readMessageText(bytes, clock.now())
  if (read.ok) return { acl: bytes }
  throw CommandMessageMalformed({
    source: OPTION, place: ` at byte ${read.position}`, reason: read.reason, excerpt: markedLine(bytes, read.position),
  })
}

/** The line of a text in which a byte stands, and below it a line with a mark under the byte. */
export function markedLine (bytes: Uint8Array, position: number): readonly string[] {
  const newline = 0x0a
  const start = position === 0 ? 0 : bytes.lastIndexOf(newline, position - 1) + 1
  const next = bytes.indexOf(newline, position)
  const end = next < 0 ? bytes.length : next
  const before = shown(bytes, Math.max(start, position - AROUND), position)
  const lead = position - AROUND > start ? '…' : ''
  const tail = position + AROUND < end ? '…' : ''
  const mark = ' '.repeat(textWidth(lead + before))
  return [`${lead}${before}${shown(bytes, position, Math.min(end, position + AROUND))}${tail}`, `${mark}^`]
}

/** A message in the string form for programs: text where it is text. */
export function formJson (acl: Uint8Array): JsonObject {
  const text = textOfBytes(acl)
  return text === undefined ? { aclBase64: Buffer.from(acl).toString('base64') } : { acl: text }
}

/** A message in the string form for people. Bytes that are no text can't be shown. */
export const formLine = (acl: Uint8Array): string => Buffer.from(acl).toString()

export const formOf = (message: AclMessage): Uint8Array => writeMessageText(messageOfAcl(message))

const shown = (bytes: Uint8Array, from: number, to: number): string => visible(Buffer.from(bytes.subarray(from, to)).toString())

function messageOfJson (bytes: Uint8Array): AclMessage {
  let json: unknown
  try {
    json = JSON.parse(Buffer.from(bytes).toString())
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw CommandMessageMalformed({ source: OPTION, place: ' as JSON', reason, excerpt: [] }, { cause: error })
  }
  const read = readMessageJson(json)
  if (read.ok) return aclOfMessage(read.value)
  const place = read.path === '' ? '' : ` at \`${read.path}\``
  throw CommandMessageMalformed({ source: OPTION, place, reason: read.reason, excerpt: [] })
}
