import type { LogLevel, LogLine } from '../../../kernel/contract/index.js'

export const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error']

/** A line as it is kept. */
export function lineText (line: LogLine): string {
  try {
    return JSON.stringify(line)
  } catch {
    // Fields that no JSON can hold were to be cleaned before; the sentence is what counts.
    return JSON.stringify({ ...line, fields: {} })
  }
}

/** Reads it; undefined when it is none. */
export function readLineText (text: string): LogLine | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null) return undefined
    const { at, level, part, message, fields } = value as Readonly<Record<string, unknown>>
    const known = LEVELS.find(each => each === level)
    if (typeof at !== 'number' || known === undefined || typeof part !== 'string' || typeof message !== 'string') return undefined
    return { at, level: known, part, message, fields: typeof fields === 'object' && fields !== null ? { ...fields } : {} }
  } catch {
    return undefined
  }
}
