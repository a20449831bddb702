import { isDateTime } from './date-time.js'
import { MESSAGE_BOUNDS } from './message-bounds.js'
import { quoted, reading } from './read-result.js'
import { TokenReader, type TokenBudget } from './token-reader.js'

/** A word that every parser takes: no quote or backslash in it, and nothing that could be another token before it. */
const SAFE_WORD = /^(?=.{1,1024}$)[A-Za-z_*/.&$!=<>?~^%][\x21\x23-\x27\x2a-\x5b\x5d-\x7e]*$/
const NUMBER = /^(?=.{1,1024}$)[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i
const encoder = new TextEncoder()

/**
 * Takes an expression (SC00070I §2.2): a word, a string, a number, a date-time, or a list of expressions. All but a
 * list are the text that they say; a list is its notation, with single spaces and no needless quotes.
 */
export function readExpression (tokens: TokenReader, depth = 0): string {
  switch (tokens.next()) {
    case 'open': return readList(tokens, depth)
    case 'string': return tokens.string()
    case 'bare': return readBare(tokens)
    default: return tokens.fail(`expected a value, found ${tokens.found()}`)
  }
}

/** A text as an expression, in its plainest notation. {@link readExpression} gives the text back. */
export function expressionNotation (text: string, depth = 0, budget?: TokenBudget): string {
  const isBare = SAFE_WORD.test(text) || NUMBER.test(text) || isDateTime(text) || isList(text, depth, budget)
  return isBare ? text : stringNotation(text)
}

/** A text as an expression that is no number and no date-time, which names and ids are not, whatever they look like. */
export const nameNotation = (text: string): string =>
  SAFE_WORD.test(text) || isList(text) ? text : stringNotation(text)

/** A text as a word, or as a string where it can't be a word: because it begins with a digit, for example. */
export const wordNotation = (text: string): string => SAFE_WORD.test(text) ? text : stringNotation(text)

/** Takes a word, number or date-time. */
function readBare (tokens: TokenReader): string {
  const from = tokens.position
  const text = tokens.bare()
  if (!/^[0-9@-]/.test(text) || NUMBER.test(text) || isDateTime(text)) return text
  tokens.position = from
  return tokens.fail(`${quoted(text)} must be in quotes: a word can't begin with "${text.charAt(0)}"`)
}

function readList (tokens: TokenReader, depth: number): string {
  if (depth >= MESSAGE_BOUNDS.depth) tokens.fail(`lists are nested more than ${MESSAGE_BOUNDS.depth} deep`)
  tokens.take('open', '"("')
  const parts: string[] = []
  for (let kind = tokens.next(); kind !== 'close'; kind = tokens.next()) {
    if (kind === 'end') tokens.fail('a list has no closing parenthesis')
    const part = readExpression(tokens, depth + 1)
    parts.push(kind === 'open' ? part : expressionNotation(part, depth + 1, tokens.budget))
  }
  tokens.take('close', '")"')
  return `(${parts.join(' ')})`
}

function isList (text: string, depth = 0, budget?: TokenBudget): boolean {
  if (!text.startsWith('(') || text.length > MESSAGE_BOUNDS.list) return false
  const read = reading(() => readList(new TokenReader(encoder.encode(text), budget), depth))
  return read.ok && read.value === text
}

/** A literal escapes nothing but quotes, so a backslash at its end would escape the closing one. */
function stringNotation (text: string): string {
  return text.endsWith('\\') ? `#${Buffer.byteLength(text)}"${text}` : `"${text.replaceAll('"', '\\"')}"`
}
