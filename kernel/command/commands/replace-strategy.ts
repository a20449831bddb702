import type { CommandInput } from '../../contract/command.js'
import { ReplaceStrategy } from '../../contract/proto/caxton/v1/agents_pb.js'
import { CommandOptionMisused, CommandValueInvalid } from '../command-errors.js'
import { nearestWords } from '../line/nearest-words.js'
import { duration } from '../line/values.js'
import { isSet, option } from './input-words.js'
import { rolloutTermsOf, type RolloutOptions } from './rollout-options.js'

/** How a new version takes the place of the old one, as people write it. */
export const STRATEGIES: Readonly<Record<string, ReplaceStrategy>> = {
  'graceful': ReplaceStrategy.GRACEFUL,
  'immediate': ReplaceStrategy.IMMEDIATE,
  'blue-green': ReplaceStrategy.BLUE_GREEN,
  'canary': ReplaceStrategy.CANARY,
  'shadow': ReplaceStrategy.SHADOW,
}

/** Whether and how `caxton agents deploy` replaces an agent. */
export interface Replacing {
  readonly replace: boolean
  readonly strategy: ReplaceStrategy
  /** In milliseconds; 0 leaves it to the server. */
  readonly drainMilliseconds: number
  readonly rollout: RolloutOptions
}

export function replacingOf (input: CommandInput): Replacing {
  const strategy = option(input, 'strategy')
  const drain = option(input, 'drain')
  const replace = isSet(input, 'replace')
  for (const [name, value] of [['--strategy', strategy], ['--drain', drain]] as const) {
    if (value !== undefined && !replace) misused(name, 'only has a meaning with `--replace`')
  }
  if (drain !== undefined && (strategy ?? 'graceful') !== 'graceful') {
    misused('--drain', 'only has a meaning with `--strategy graceful`')
  }
  return {
    replace,
    strategy: strategyOf(strategy ?? 'graceful'),
    // To the server 0 means its default, not at once.
    drainMilliseconds: drain === undefined ? 0 : Math.max(1, duration('`--drain`', drain)),
    rollout: rolloutTermsOf(input, strategy ?? 'graceful'),
  }
}

function strategyOf (word: string): ReplaceStrategy {
  const strategy = Object.hasOwn(STRATEGIES, word) ? STRATEGIES[word] : undefined
  if (strategy !== undefined) return strategy
  const known = Object.keys(STRATEGIES)
  const expected = `strategies are ${known.join(', ')}`
  throw CommandValueInvalid({ what: '`--strategy`', value: word, expected, near: nearestWords(word, known) })
}

function misused (name: string, problem: string): never {
  throw CommandOptionMisused({ command: 'caxton agents deploy', option: name, problem })
}
