import type { CommandContext } from '../../../kernel/contract/index.js'
import { LogQuestionInvalid } from '../telemetry-errors.js'

const DAY = 24 * 60 * 60 * 1000

/** The option's value; empty when it was not given. */
export function optionOf ({ input }: Pick<CommandContext, 'input'>, name: string): string {
  const value = input.options[name]
  return value === undefined || value === true ? '' : value[0] ?? ''
}

/** The moment of `--since`, a date or how long ago, in milliseconds since the Unix epoch; 0 when it was not given. */
export function sinceOf (context: Pick<CommandContext, 'input' | 'words' | 'clock'>): number {
  const text = optionOf(context, 'since')
  if (text === '') return 0
  if (/^\d+(\.\d+)? ?[a-z]+$/.test(text)) return Math.trunc(context.clock.now() - agoOf(text, context))
  const time = Date.parse(text)
  if (Number.isNaN(time)) throw LogQuestionInvalid({ part: '`--since`', problem: `"${text}" is no date and no duration` })
  return time
}

function agoOf (text: string, { words }: Pick<CommandContext, 'words'>): number {
  // Longer than durations may be elsewhere.
  const days = /^(\d+(?:\.\d+)?) ?d$/.exec(text)?.[1]
  return days === undefined ? words.duration('`--since`', text) : Number(days) * DAY
}
