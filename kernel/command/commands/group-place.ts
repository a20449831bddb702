import type { CommandInput } from '../../contract/command.js'
import { GroupStrategy, type Agent } from '../../contract/proto/caxton/v1/agents_pb.js'
import { CommandOptionMisused, CommandValueInvalid } from '../command-errors.js'
import { nearestWords } from '../line/nearest-words.js'
import { wholeNumber } from '../line/values.js'
import { option } from './input-words.js'

const STRATEGIES: ReadonlyArray<readonly [word: string, strategy: GroupStrategy]> = [
  ['one-for-one', GroupStrategy.ONE_FOR_ONE], ['one-for-all', GroupStrategy.ONE_FOR_ALL], ['rest-for-one', GroupStrategy.REST_FOR_ONE],
]

/** An agent's place in a supervision group, as `caxton agents deploy` is told. */
export interface GroupChoice {
  readonly group: string
  readonly groupStrategy: GroupStrategy
  readonly groupOrder: number
}

export function groupOf (input: CommandInput): GroupChoice {
  const group = option(input, 'group')
  const strategy = option(input, 'group-strategy')
  const order = option(input, 'group-order')
  for (const [name, value] of [['--group-strategy', strategy], ['--group-order', order]] as const) {
    if (value === undefined || group !== undefined) continue
    const problem = 'only has a meaning with `--group`'
    throw CommandOptionMisused({ command: 'caxton agents deploy', option: name, problem })
  }
  if (group === undefined) return { group: '', groupStrategy: GroupStrategy.UNSPECIFIED, groupOrder: 0 }
  return {
    group,
    groupStrategy: strategyOf(strategy ?? 'one-for-one'),
    groupOrder: order === undefined ? 0 : wholeNumber('`--group-order`', order, 0, 1_000_000),
  }
}

/** `shop, rest-for-one, order 2` */
export function groupText ({ group, groupStrategy, groupOrder }: Agent): string {
  const [word] = STRATEGIES.find(([, strategy]) => strategy === groupStrategy) ?? ['unknown strategy']
  return `${group}, ${word}, order ${groupOrder}`
}

function strategyOf (word: string): GroupStrategy {
  const [, strategy] = STRATEGIES.find(([known]) => known === word) ?? []
  if (strategy !== undefined) return strategy
  const known = STRATEGIES.map(([name]) => name)
  throw CommandValueInvalid({
    what: '`--group-strategy`', value: word, expected: `strategies are ${known.join(', ')}`, near: nearestWords(word, known),
  })
}
