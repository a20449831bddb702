import type { CommandInput } from '../../contract/command.js'
import { CommandOptionMisused, CommandValueInvalid } from '../command-errors.js'
import { duration, wholeNumber } from '../line/values.js'
import { option } from './input-words.js'

/** When a roll-out goes which way; 0 leaves it to the server. */
export interface RolloutOptions {
  readonly percent: number
  readonly errorPercent: number
  readonly p99Milliseconds: number
  readonly windowMilliseconds: number
  readonly lingerMilliseconds: number
}

const OF_CANARIES = ['share', 'max-errors', 'max-p99', 'window']
const WITH_TWO_INSTANCES = ['blue-green', 'canary', 'shadow']

/** The options of `caxton agents deploy` for strategies with two instances. */
export function rolloutTermsOf (input: CommandInput, strategy: string): RolloutOptions {
  for (const name of OF_CANARIES) {
    if (option(input, name) !== undefined && strategy !== 'canary') misused(name, 'only has a meaning with `--strategy canary`')
  }
  if (option(input, 'linger') !== undefined && !WITH_TWO_INSTANCES.includes(strategy)) {
    misused('linger', 'only has a meaning with `--strategy blue-green`, `canary` or `shadow`')
  }
  const share = option(input, 'share')
  const errors = option(input, 'max-errors')
  return {
    percent: share === undefined ? 0 : wholeNumber('`--share`', share.replace(/%$/, ''), 1, 99),
    errorPercent: errors === undefined ? 0 : percentage('`--max-errors`', errors),
    p99Milliseconds: milliseconds(input, 'max-p99'),
    windowMilliseconds: milliseconds(input, 'window'),
    lingerMilliseconds: milliseconds(input, 'linger'),
  }
}

/** To the server 0 means its default. */
function milliseconds (input: CommandInput, name: string): number {
  const text = option(input, name)
  return text === undefined ? 0 : Math.max(1, duration(`\`--${name}\``, text))
}

function percentage (what: string, text: string): number {
  const value = Number(text.replace(/%$/, ''))
  if (/^\d+(\.\d+)?%?$/.test(text) && value > 0 && value <= 100) return value
  throw CommandValueInvalid({ what, value: text, expected: 'write a share of the messages such as `2.5%`, above 0' })
}

function misused (name: string, problem: string): never {
  throw CommandOptionMisused({ command: 'caxton agents deploy', option: `--${name}`, problem })
}
