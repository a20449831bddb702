import type { Command, CommandArgument, CommandOption } from '../../contract/command.js'
import { grammarOf } from '../line/command-line.js'
import { ALIASES } from '../line/command-tree.js'
import type { Paint } from '../terminal/colours.js'
import { definitions, paragraph, section } from './help-layout.js'

/** Help of one command: examples first. */
export function commandHelp (command: Command, paint: Paint): string[] {
  const { options: own = [], arguments: positional = [] } = command
  const everywhere = grammarOf(command).options.slice(own.length)
  return [
    ...paragraph(command.summary), '',
    ...section('Examples', command.examples.flatMap(example => exampleLines(example, paint)), paint),
    ...section('Usage', usageLines(command), paint),
    ...section('Arguments', definitions(positional.map(({ name, doc }) => [name, doc])), paint),
    ...section('Options', optionLines(own), paint),
    ...section('Options of every command', optionLines(everywhere), paint),
  ]
}

function usageLines (command: Command): string[] {
  const alias = Object.keys(ALIASES).find(word => ALIASES[word]?.join(' ') === command.path.join(' '))
  return [`  ${usage(command)}`, ...(alias === undefined ? [] : [`  caxton ${alias} is the same.`])]
}

/** What to type, and below it what that does. */
export function exampleLines (example: Command['examples'][number], paint: Paint): string[] {
  return [`  ${paint('cyan', example.type)}`, ...paragraph(example.does, 6)]
}

/** `caxton agents deploy FILE [options]` */
export function usage (command: Command): string {
  const options = (command.options ?? []).filter(option => option.required === true)
    .map(option => `--${option.name}${option.value === undefined ? '' : ` ${option.value}`}`)
  return ['caxton', ...command.path, ...(command.arguments ?? []).map(argumentName), ...options, '[options]'].join(' ')
}

function argumentName ({ name, required, repeatable }: CommandArgument): string {
  const many = repeatable === true ? `${name}...` : name
  return required === true ? many : `[${many}]`
}

/** `-n, --name NAME` */
export function optionName ({ name, short, value }: CommandOption): string {
  return `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`
}

/** The sentence of an option, with what its shape does not show. */
export function optionDoc ({ doc, required, repeatable }: CommandOption): string {
  const notes = [...(required === true ? ['Required.'] : []), ...(repeatable === true ? ['May be repeated.'] : [])]
  return [doc, ...notes].join(' ')
}

/** Options with their sentences, aligned. */
export const optionLines = (options: readonly CommandOption[]): string[] =>
  definitions(options.map(option => [optionName(option), optionDoc(option)]))
