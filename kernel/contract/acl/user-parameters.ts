import { expressionNotation, readExpression } from './expression.js'
import { MESSAGE_BOUNDS } from './message-bounds.js'
import { quoted } from './read-result.js'
import type { TokenReader } from './token-reader.js'

/** The user parameter that says the media type of the content, for which FIPA has none. */
export const MEDIA_TYPE = 'X-Media-Type'

const PREFIX = /^X-/i
/** Names of users' own that would be taken for {@link MEDIA_TYPE}: each is written with one `X-` more. */
const LIKE_MEDIA_TYPE = /^X-(X-)*Media-Type$/i
/** What can't stand in a keyword, or means something in an escaped one. */
const UNSAFE = /[\x00-\x20()"%\x7f]/g
const ESCAPE = /%([0-7][0-9a-f])/gi
/** Begins the keyword of a name that lacks the `X-`, which agents may give. No name contains a zero byte. */
const BARE_NAME = 'X-\0'

const codeOf = (character: string): string => `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`

/** Whether a keyword names a user parameter. */
export const isUserKeyword = (keyword: string): boolean => PREFIX.test(keyword.slice(1)) && keyword.startsWith(':')

/** Takes the value of a user parameter whose keyword was taken already, and notes it. */
export function readUserParameter (tokens: TokenReader, keyword: string, at: number, user: Map<string, string>): void {
  const plain = keyword.slice(1).replace(ESCAPE, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
  const name = plain.startsWith(BARE_NAME) ? plain.slice(BARE_NAME.length) : plain
  if (user.has(name)) {
    tokens.position = at
    tokens.fail(`${quoted(keyword)} is given twice`)
  }
  if (user.size >= MESSAGE_BOUNDS.user) tokens.fail(`it has more than ${MESSAGE_BOUNDS.user} parameters of its own`)
  user.set(name, readExpression(tokens))
}

/** User parameters in the string form, each with a space before it. */
export function userNotation (user: Readonly<Record<string, string>>): string {
  return Object.entries(user).map(([name, value]) => ` ${keywordOf(name)} ${expressionNotation(value)}`).join('')
}

/** The media type among the parameters that were read, and those that are the user's own. */
export function withoutMediaType (read: ReadonlyMap<string, string>): { mediaType: string, user: Record<string, string> } {
  let mediaType = ''
  const user: Array<[string, string]> = []
  for (const [name, value] of read) {
    if (name.toLowerCase() === MEDIA_TYPE.toLowerCase()) mediaType = value
    else user.push([LIKE_MEDIA_TYPE.test(name) ? name.slice(2) : name, value])
  }
  return { mediaType, user: Object.fromEntries(user) }
}

/** User parameters and the media type as they are written. */
export function withMediaType (mediaType: string, user: Readonly<Record<string, string>>): Record<string, string> {
  const own = Object.entries(user).map(([name, value]): [string, string] => [LIKE_MEDIA_TYPE.test(name) ? `X-${name}` : name, value])
  return Object.fromEntries(mediaType === '' ? own : [[MEDIA_TYPE, mediaType], ...own])
}

function keywordOf (name: string): string {
  return `:${(PREFIX.test(name) ? name : BARE_NAME + name).replace(UNSAFE, codeOf)}`
}
