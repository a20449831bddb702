import { MESSAGE_BOUNDS } from './message-bounds.js'
import { notUnderstood, quoted } from './read-result.js'

/** What comes next in the string form. `bare`: a word, a number, a date-time or a keyword. */
export type TokenKind = 'open' | 'close' | 'string' | 'bare' | 'end'

/** How many tokens may still be read; shared by readers within readers. */
export interface TokenBudget {
  tokens: number
}

const QUOTE = 0x22
const BACKSLASH = 0x5c
const DELIMITER = /[\x00-\x20()]/g
const LENGTH = /#(\d{1,10})"/y
const REPLACEMENT = '\ufffd'
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const isWhite = (byte: number): boolean => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d)
const ASCII = /^[\x00-\x7f]*$/

/** Reads the tokens of the string form (SC00070I §2.3) from bytes, once, from front to back. */
export class TokenReader {
  /** Where the next token begins, or the white space before it. */
  position = 0
  /** One character a byte: offsets in it are offsets in the bytes. */
  readonly #characters: string
  readonly #buffer: Buffer

  constructor (
    private readonly bytes: Uint8Array, readonly budget: TokenBudget = { tokens: MESSAGE_BOUNDS.tokens },
  ) {
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    this.#characters = this.#buffer.toString('latin1')
  }

  /** What comes next; leaves `position` where it begins. */
  next (): TokenKind {
    while (isWhite(this.bytes[this.position] ?? 0)) this.position += 1
    switch (this.#characters[this.position]) {
      case undefined: return 'end'
      case '(': return 'open'
      case ')': return 'close'
      case '"': case '#': return 'string'
      default: return 'bare'
    }
  }

  /** Takes a parenthesis, or ends the reading: `expected` says what should have stood there. */
  take (kind: 'open' | 'close', expected: string): void {
    if (this.next() !== kind) this.fail(`expected ${expected}, found ${this.found()}`)
    this.#spend()
    this.position += 1
  }

  /** Takes what stands there without quotes. Call it when {@link next} said `bare`. */
  bare (): string {
    this.#spend()
    const from = this.position
    DELIMITER.lastIndex = from
    const to = DELIMITER.exec(this.#characters)?.index ?? this.bytes.length
    if (to === from) this.fail('a control character must be in quotes')
    if (to - from > MESSAGE_BOUNDS.word) this.fail(`a text of more than ${MESSAGE_BOUNDS.word} bytes must be in quotes`)
    this.position = to
    const text = this.#characters.slice(from, to)
    return ASCII.test(text) ? text : textOf(this.#buffer, from, to, from)
  }

  /** Takes a string as text. */
  string (): string {
    const from = this.position
    const bytes = this.stringBytes()
    return textOf(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), 0, bytes.length, from)
  }

  /** Takes a string literal or a byte-length-encoded string. The bytes are a copy. */
  stringBytes (): Uint8Array {
    this.#spend()
    return this.#characters[this.position] === '#' ? this.#counted() : this.#literal()
  }

  /** What stands at the position, for a reason. */
  found (): string {
    const kind = this.next()
    if (kind === 'end') return 'the end'
    if (kind !== 'bare') return quoted(this.#characters.charAt(this.position))
    DELIMITER.lastIndex = this.position
    return quoted(this.#characters.slice(this.position, DELIMITER.exec(this.#characters)?.index))
  }

  fail (reason: string): never {
    notUnderstood(Math.min(this.position, this.bytes.length), reason)
  }

  #spend (): void {
    if (this.budget.tokens <= 0) this.fail(`it has more than ${MESSAGE_BOUNDS.tokens} words, strings and parentheses`)
    this.budget.tokens -= 1
  }

  /** A quote behind a backslash belongs to the text; a backslash before anything else stands for itself. */
  #literal (): Uint8Array {
    const { bytes } = this
    const from = this.position + 1
    let escapes = 0
    let end = from
    for (; end < bytes.length; end += 1) {
      if (bytes[end] !== QUOTE) continue
      if (end === from || bytes[end - 1] !== BACKSLASH) break
      escapes += 1
    }
    if (end >= bytes.length) this.fail('the string has no closing quote')
    this.position = end + 1
    return escapes === 0 ? bytes.slice(from, end) : unescaped(bytes, from, end, escapes)
  }

  #counted (): Uint8Array {
    LENGTH.lastIndex = this.position
    const [start = '', digits = ''] = LENGTH.exec(this.#characters) ?? []
    if (start === '') this.fail('expected a length and a quote behind "#", such as #5"hello')
    const from = this.position + start.length
    const to = from + Number(digits)
    if (to > this.bytes.length) this.fail(`there are only ${this.bytes.length - from} of ${Number(digits)} bytes`)
    this.position = to
    return this.bytes.slice(from, to)
  }
}

/** The text of some of the bytes, which were found at the position. */
function textOf (bytes: Buffer, from: number, to: number, position: number): string {
  const text = bytes.toString('utf8', from, to)
  if (!text.includes(REPLACEMENT)) return text
  // Either it says so itself, or it is not UTF-8.
  try {
    return decoder.decode(bytes.subarray(from, to))
  } catch {
    return notUnderstood(position, 'the text is not UTF-8')
  }
}

function unescaped (bytes: Uint8Array, from: number, end: number, escapes: number): Uint8Array {
  const plain = new Uint8Array(end - from - escapes)
  let length = 0
  for (let at = from; at < end; at += 1) {
    const byte = bytes[at] ?? 0
    if (byte === BACKSLASH && at + 1 < end && bytes[at + 1] === QUOTE) continue
    plain[length] = byte
    length += 1
  }
  return plain
}
