import type { CommandInput } from '../../contract/command.js'
import { PlacementStrategy } from '../../contract/proto/caxton/v1/agents_pb.js'
import { CommandOptionMisused } from '../command-errors.js'
import { wholeNumber } from '../line/values.js'
import { option, wordOf } from './input-words.js'

/** On which nodes `caxton agents deploy` wants an agent. */
export interface PlacementChoice {
  readonly strategy: PlacementStrategy
  readonly nodes: string[]
  /** 0: one agent, called by its name alone. */
  readonly replicas: number
}

const STRATEGIES: Readonly<Record<string, PlacementStrategy>> = {
  'least-loaded': PlacementStrategy.LEAST_LOADED, 'spread': PlacementStrategy.SPREAD,
}

/** Throws `COMMAND_OPTION_MISUSED` or `COMMAND_VALUE_INVALID`. */
export function placementOf (input: CommandInput): PlacementChoice {
  const given = ['placement', 'node', 'prefer'].filter(name => option(input, name) !== undefined)
  const [first, second] = given
  if (first !== undefined && second !== undefined) {
    const problem = `can't be given together with \`--${first}\``
    throw CommandOptionMisused({ command: 'caxton agents deploy', option: `--${second}`, problem })
  }
  const replicas = option(input, 'replicas')
  return { ...wishOf(input), replicas: replicas === undefined ? 0 : wholeNumber('`--replicas`', replicas, 1, 100) }
}

function wishOf (input: CommandInput): Omit<PlacementChoice, 'replicas'> {
  const node = option(input, 'node')
  if (node !== undefined) return { strategy: PlacementStrategy.NODE, nodes: [node] }
  const dear = (option(input, 'prefer') ?? '').split(',').map(each => each.trim()).filter(each => each !== '')
  if (dear.length > 0) return { strategy: PlacementStrategy.PREFER, nodes: dear }
  const word = wordOf(input, 'placement', Object.keys(STRATEGIES))
  return { strategy: STRATEGIES[word] ?? PlacementStrategy.UNSPECIFIED, nodes: [] }
}
