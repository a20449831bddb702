import type { Column } from '../../contract/command.js'
import { toneOf, type Paint } from './colours.js'
import { cutText, padText, textWidth, wrapText } from './text-width.js'
import { visible } from './visible-text.js'

const GAP = '  '
/** A text column is not cut below this; then the whole line is cut. */
const NARROWEST = 8

/** The lines of a table, headings first, each at most `width` cells: the widest text columns are cut. */
export function tableLines<R> (
  rows: readonly R[], columns: ReadonlyArray<Column<R>>, width: number, paint: Paint,
): string[] {
  const cells = rows.map(row => columns.map(column => visible(column.text(row))))
  const headings = columns.map(column => column.heading)
  const natural = naturalWidths([headings, ...cells], width)
  const widths = fitWidths(natural, columns.map(column => column.right !== true), width)
  const line = (texts: readonly string[], style: (text: string, shown: string) => string): string => {
    const padded = texts.map((text, index) => padCell(text, widths[index] ?? 0, columns[index]?.right === true))
    const plain = padded.join(GAP)
    if (textWidth(plain) > width) return cutText(plain, width)
    return padded.map((shown, index) => style(texts[index] ?? '', shown)).join(GAP).trimEnd()
  }
  return [
    line(headings, (_text, shown) => paintWords('bold', shown, paint)),
    ...cells.map(texts => line(texts, (text, shown) => {
      const tone = toneOf(text)
      return tone === undefined ? shown : paintWords(tone, shown, paint)
    })),
  ]
}

/** Paints the words and not the spaces around them, so that the end of a line can be trimmed. */
const paintWords = (style: Parameters<Paint>[0], shown: string, paint: Paint): string =>
  shown.replace(/\S(.*\S)?/, words => paint(style, words))

const padCell = (text: string, width: number, right: boolean): string => padText(cutText(text, width), width, right)

function naturalWidths (lines: ReadonlyArray<readonly string[]>, most: number): number[] {
  const widths: number[] = []
  for (const line of lines) {
    line.forEach((text, index) => { widths[index] = Math.max(widths[index] ?? 0, Math.min(most, textWidth(text))) })
  }
  return widths
}

/** Takes cells away from the widest column that may be cut until the line fits or nothing more can be taken. */
function fitWidths (natural: readonly number[], mayCut: readonly boolean[], width: number): number[] {
  const widths = [...natural]
  let excess = widths.reduce((sum, cells) => sum + cells, 0) + GAP.length * (widths.length - 1) - width
  while (excess > 0) {
    let widest = -1
    widths.forEach((cells, index) => {
      if (mayCut[index] === true && cells > NARROWEST && cells > (widths[widest] ?? 0)) widest = index
    })
    if (widest < 0) break
    widths[widest] = (widths[widest] ?? 0) - 1
    excess--
  }
  return widths
}

/** The lines of a record: names in one column, values wrapped beside them. A long value without spaces is never cut. */
export function recordLines (
  fields: ReadonlyArray<readonly [name: string, value: string]>, width: number, paint: Paint,
): string[] {
  const names = fields.map(([name]) => visible(name))
  const indent = Math.max(0, ...names.map(textWidth)) + GAP.length
  return fields.flatMap(([, value], index) => {
    const shown = wrapText(visible(value), Math.max(20, width - indent))
    return shown.map((text, line) => {
      const name = padText(line === 0 ? names[index] ?? '' : '', indent)
      const tone = toneOf(text)
      return `${paintWords('bold', name, paint)}${tone === undefined ? text : paint(tone, text)}`.trimEnd()
    })
  })
}
