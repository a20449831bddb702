import type { Paint } from '../terminal/colours.js'
import { padText, textWidth, wrapText } from '../terminal/text-width.js'

/** Columns that help is made for, whatever the terminal has: text reads best so. */
export const HELP_WIDTH = 80
const WIDEST_NAME = 26

/** A heading with its lines, followed by an empty line. */
export function section (heading: string, lines: readonly string[], paint: Paint): string[] {
  return lines.length === 0 ? [] : [paint('bold', heading), ...lines, '']
}

/** `name  what it means`, aligned, the meaning wrapped; a long name gets a line of its own. */
export function definitions (rows: ReadonlyArray<readonly [name: string, meaning: string]>): string[] {
  const fitting = rows.map(([name]) => textWidth(name)).filter(width => width <= WIDEST_NAME)
  const indent = Math.max(4, ...fitting) + 4
  return rows.flatMap(([name, meaning]) => {
    const lines = wrapText(meaning, HELP_WIDTH - indent).map(line => `${' '.repeat(indent)}${line}`)
    const first = `  ${padText(name, indent - 2)}`
    return textWidth(name) > indent - 4
      ? [`  ${name}`, ...lines]
      : [`${first}${(lines[0] ?? '').slice(indent)}`.trimEnd(), ...lines.slice(1)]
  })
}

/** A paragraph of at most 80 columns. */
export const paragraph = (text: string, indent = 0): string[] =>
  wrapText(text, HELP_WIDTH - indent).map(line => `${' '.repeat(indent)}${line}`)
