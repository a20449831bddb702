import type { Command } from '../../contract/command.js'
import { EXIT_CODES } from '../exit-codes.js'
import type { CommandIndex } from '../index/command-index.js'
import { HELP_TOPICS } from '../line/command-line.js'
import { ALIASES, commandAt, commandsBelow } from '../line/command-tree.js'
import { PROGRAM_OPTIONS } from '../line/program-options.js'
import type { Paint } from '../terminal/colours.js'
import { commandHelp, exampleLines, optionLines } from './command-help.js'
import { definitions, paragraph, section } from './help-layout.js'
import { OUTPUT_TOPIC } from './output-topic.js'

/** Groups in the order in which a newcomer meets them; others follow by name. */
const GROUP_ORDER = ['server', 'agents', 'message', 'deadletters', 'plugins', 'metrics', 'explain', 'completion']

const EXAMPLES: Command['examples'] = [
  { type: 'caxton server start', does: 'Starts a server on this machine.' },
  { type: 'caxton agents deploy echo.wasm --name echo', does: 'Deploys an agent.' },
  {
    type: 'caxton message send --to echo --content \'{"hello":"world"}\' --wait',
    does: 'Sends it a request and shows the answer.',
  },
]

/** The first words of all commands, in the order of the help. */
export function groupsOf (commands: readonly Command[]): string[] {
  const rank = (group: string): number => GROUP_ORDER.includes(group) ? GROUP_ORDER.indexOf(group) : GROUP_ORDER.length
  const groups = [...new Set(commands.map(command => command.path[0] ?? ''))]
  return groups.sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
}

/** The text of `caxton --help`, of a group, of a command or of a topic. */
export function helpText (index: CommandIndex, path: readonly string[], paint: Paint): string {
  return `${helpLines(index, path, paint).join('\n').trimEnd()}\n`
}

function helpLines (index: CommandIndex, path: readonly string[], paint: Paint): string[] {
  if (path.length === 0) return programHelp(index, paint)
  const command = commandAt(index.commands, path)
  if (command !== undefined) return commandHelp(command, paint)
  if (path[0] === 'exit-codes') return exitCodesHelp(paint)
  return path[0] === 'output' ? OUTPUT_TOPIC.flatMap(text => [...paragraph(text), '']) : groupHelp(index, path, paint)
}

function programHelp (index: CommandIndex, paint: Paint): string[] {
  const shown = summaries(groupsOf(index.commands).flatMap(group => commandsBelow(index.commands, [group])))
  return [
    `caxton ${index.version}: hosts agents that talk to each other in FIPA messages.`, '',
    ...section('Examples', EXAMPLES.flatMap(example => exampleLines(example, paint)), paint),
    ...section('Commands', shown, paint),
    ...section('Options of every command', optionLines(PROGRAM_OPTIONS), paint),
    ...paragraph(`More: caxton COMMAND --help; ${HELP_TOPICS.map(topic => `caxton help ${topic}`).join('; ')}.`),
  ]
}

function groupHelp (index: CommandIndex, path: readonly string[], paint: Paint): string[] {
  const below = commandsBelow(index.commands, path)
  const first = below.flatMap(command => command.examples.slice(0, 1))
  const others = Object.keys(ALIASES).filter(alias => ALIASES[alias]?.length === 1 && ALIASES[alias]?.[0] === path[0])
  return [
    ...section('Examples', first.flatMap(example => exampleLines(example, paint)), paint),
    ...section('Commands', summaries(below), paint),
    ...(others.length === 0 ? [] : [`\`caxton ${others.join('`, `caxton ')}\` is the same.`]),
    ...paragraph(`More: caxton ${path.join(' ')} COMMAND --help.`),
  ]
}

const summaries = (commands: readonly Command[]): string[] =>
  definitions(commands.map(command => [command.path.join(' '), command.summary]))

function exitCodesHelp (paint: Paint): string[] {
  const rows = EXIT_CODES.map(({ code, name, meaning }) => [`${String(code).padEnd(3)}  ${name}`, meaning] as const)
  return section('Exit codes', definitions(rows), paint)
}
