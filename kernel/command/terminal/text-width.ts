const ASCII = /^[\x20-\x7e]*$/
const ZERO = /^[\p{Mark}\p{Default_Ignorable_Code_Point}]$/u
const WIDE_EMOJI = /\p{Emoji_Presentation}/u

/** First and last code points of the wide blocks of Unicode (UAX 11, W and F). */
const WIDE: ReadonlyArray<readonly [first: number, last: number]> = [
  [0x1100, 0x115f], [0x2e80, 0x303e], [0x3041, 0xa4cf], [0xa960, 0xa97f], [0xac00, 0xd7a3], [0xf900, 0xfaff],
  [0xfe30, 0xfe6f], [0xff00, 0xff60], [0xffe0, 0xffe6], [0x16fe0, 0x18dff], [0x1b000, 0x1b2ff], [0x1f200, 0x1f265], [0x20000, 0x3fffd],
]

/** Cells that a text without control characters takes in a terminal. */
export function textWidth (text: string): number {
  if (ASCII.test(text)) return text.length
  let width = 0
  for (const character of text) width += characterWidth(character)
  return width
}

function characterWidth (character: string): number {
  const point = character.codePointAt(0) ?? 0
  if (point < 0x300) return 1
  if (ZERO.test(character)) return 0
  return WIDE_EMOJI.test(character) || WIDE.some(([first, last]) => point >= first && point <= last) ? 2 : 1
}

/** The text, or its beginning with `…` so that it takes at most `width` cells. */
export function cutText (text: string, width: number): string {
  if (textWidth(text) <= width) return text
  if (width < 1) return ''
  let kept = ''
  let used = 1
  for (const character of text) {
    used += characterWidth(character)
    if (used > width) break
    kept += character
  }
  return `${kept}…`
}

/** The text with spaces added, behind or (for numbers) before it, up to `width` cells. */
export function padText (text: string, width: number, right = false): string {
  const spaces = ' '.repeat(Math.max(0, width - textWidth(text)))
  return right ? spaces + text : text + spaces
}

/** Breaks a text at its spaces into lines of at most `width` cells; a longer word keeps a line of its own. */
export function wrapText (text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (line !== '' && textWidth(longer) > width) {
      lines.push(line)
      line = word
    } else {
      line = longer
    }
  }
  return [...lines, line]
}
