/**
 * Characters that a terminal obeys instead of showing them: C0 and C1 controls, DEL, line and paragraph separators, and
 * the marks that turn the direction of text (UAX 9), which can make a line read as something else.
 */
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\u200e\u200f\u061c]/g

/** The text in one line, with everything that a terminal would obey written as an escape; tabs become a space. */
export function visible (text: string): string {
  return text.replace(UNSAFE, character => character === '\t' ? ' ' : escape(character))
}

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r' }

const escape = (character: string): string =>
  SHORT[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

/** JSON text in which what a terminal would obey stands as an escape; the same document for every parser. */
export function visibleJson (json: string): string {
  return json.replace(UNSAFE, character => character === '\n' ? character : escape(character))
}
