import type { LogLevel, LogLine } from '../../../kernel/contract/index.js'
import { LEVELS } from './line-text.js'

/** Which lines somebody wants to see. */
export interface LineChoice {
  /** Of this level and above. */
  readonly level: LogLevel
  /** The part's name; `*` stands for any number of characters. Empty: all. */
  readonly part: string
  /** The trace in which it was written; empty: all. */
  readonly trace: string
}

/** Says of each line whether it is wanted. */
export function wanted ({ level, part, trace }: LineChoice): (line: LogLine) => boolean {
  const least = LEVELS.indexOf(level)
  const pattern = part === '' ? undefined : new RegExp(`^${part.split('*').map(escaped).join('.*')}$`)
  return line => LEVELS.indexOf(line.level) >= least && (pattern?.test(line.part) ?? true) &&
    (trace === '' || line.fields['trace'] === trace)
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
