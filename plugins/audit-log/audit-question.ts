import type { CommandContext } from '../../kernel/contract/index.js'
import { AuditQueryInvalid } from './audit-errors.js'

/** The option's value, or nothing. */
export function optionOf ({ input }: CommandContext, name: string): string {
  const value = input.options[name]
  return value === undefined || value === true ? '' : value[0] ?? ''
}

/** The question that the filters of a command make. Throws `AUDIT_QUERY_INVALID` and `COMMAND_VALUE_INVALID`. */
export async function questionOf (context: CommandContext) {
  const option = (name: string): string => optionOf(context, name)
  const { bytes } = option('credential') === '' ? { bytes: new Uint8Array(0) } : await context.words.content(option('credential'))
  return {
    event: option('event'), principal: option('principal'), operation: option('operation'), resource: option('resource'),
    result: option('result'), address: option('address'), trace: option('trace'),
    credential: Buffer.from(bytes).toString('utf8').trim(),
    since: timeOf(context, 'since'),
    until: timeOf(context, 'until'),
  }
}

/** A date, or how long ago, in milliseconds since the Unix epoch; 0 if it is not said. */
function timeOf (context: CommandContext, name: string): bigint {
  const text = optionOf(context, name)
  if (text === '') return 0n
  if (/^\d+(\.\d+)? ?[a-z]+$/.test(text)) return BigInt(Math.trunc(context.clock.now() - agoOf(text)))
  const time = Date.parse(text)
  if (Number.isNaN(time)) throw AuditQueryInvalid({ part: `\`--${name}\``, problem: `"${text}" is no date and no duration` })
  return BigInt(time)

  function agoOf (duration: string): number {
    // Longer than durations may be elsewhere.
    const days = /^(\d+(?:\.\d+)?) ?d$/.exec(duration)?.[1]
    return days === undefined ? context.words.duration(`\`--${name}\``, duration) : Number(days) * 86_400_000
  }
}
