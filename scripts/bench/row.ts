/** One line of the result. */
export interface Row {
  readonly what: string
  /** In words, with its unit; empty where there is only something to know. */
  readonly target: string
  readonly actual: string
  /** Compared with a baseline of the same run, where there is one. */
  readonly ratio: string
  /** Undefined where nothing is asked. */
  readonly pass: boolean | undefined
}

const COLUMNS = ['what', 'target', 'actual', 'ratio', 'pass'] as const

const cell = (row: Row, column: typeof COLUMNS[number]): string =>
  column === 'pass' ? { true: 'yes', false: 'NO', undefined: '' }[`${row.pass}`] : row[column]

/** The rows as a Markdown table, which also reads well in a terminal. */
export function tableText (rows: readonly Row[]): string {
  const widths = COLUMNS.map(column => Math.max(column.length, ...rows.map(row => cell(row, column).length)))
  const line = (cells: readonly string[]): string => `| ${cells.map((text, index) => text.padEnd(widths[index] ?? 0)).join(' | ')} |`
  const rule = `|${widths.map(width => '-'.repeat(width + 2)).join('|')}|`
  return [line(COLUMNS), rule, ...rows.map(row => line(COLUMNS.map(column => cell(row, column))))].join('\n')
}

export const microseconds = (seconds: number): string => `${(seconds * 1e6).toFixed(seconds < 1e-5 ? 1 : 0)} µs`
export const milliseconds = (value: number): string => `${value.toFixed(value < 10 ? 2 : 0)} ms`
export const perSecond = (value: number): string =>
  value >= 1e6 ? `${(value / 1e6).toFixed(2)} M/s` : `${(value / 1e3).toFixed(value < 1e4 ? 1 : 0)} k/s`
