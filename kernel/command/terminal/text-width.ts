const ASCII = /^[\x20-\x7e]*$/
const CHARACTER = /./gsu
const ZERO = /[\p{Mark}\p{Default_Ignorable_Code_Point}]/gu
/** The wide blocks of Unicode (UAX 11, W and F), and what is shown as an emoji. */
const WIDE = new RegExp(`[${[
  '\\u{1100}-\\u{115f}', '\\u{2e80}-\\u{303e}', '\\u{3041}-\\u{a4cf}', '\\u{a960}-\\u{a97f}',
  '\\u{ac00}-\\u{d7a3}', '\\u{f900}-\\u{faff}', '\\u{fe30}-\\u{fe6f}', '\\u{ff00}-\\u{ff60}', '\\u{ffe0}-\\u{ffe6}',
  '\\u{16fe0}-\\u{18dff}', '\\u{1b000}-\\u{1b2ff}',
  '\\u{1f200}-\\u{1f265}', '\\u{20000}-\\u{3fffd}', '\\p{Emoji_Presentation}',
].join('')}]`, 'gu')

/** Cells that a text without control characters takes in a terminal. */
export function textWidth (text: string): number {
  if (ASCII.test(text)) return text.length
  return count(CHARACTER, text) - count(ZERO, text) + count(WIDE, text)
}

const count = (wanted: RegExp, text: string): number => text.match(wanted)?.length ?? 0

/** The text, or its beginning with `…` so that it takes at most `width` cells. */
export function cutText (text: string, width: number): string {
  if (textWidth(text) <= width) return text
  if (width < 1) return ''
  let kept = ''
  let used = 1
  for (const character of text) {
    used += textWidth(character)
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
