import type { Command, CommandArgument, CommandOption } from '../../contract/command.js'
import { grammarOf } from '../line/command-line.js'
import { ALIASES } from '../line/command-tree.js'
import type { Paint } from '../terminal/colours.js'
import { definitions, paragraph, section } from './help-layout.js'

/** Help of one command: examples first. */
export function commandHelp (command: Command, paint: Paint): string[] {
  const own = command.options ?? []
  const everywhere = grammarOf(command).options.slice(own.length)
  const alias = Object.keys(ALIASES).find(word => ALIASES[word]?.join(' ') === command.path.join(' '))
  return [
    ...paragraph(command.summary), '',
    ...section('Examples', command.examples.flatMap(example => exampleLines(example, paint)), paint),
    ...section('Usage', [`  ${usage(command)}`, ...(alias === undefined ? [] : [`  caxton ${alias} is the same.`])], paint),
    ...section('Arguments', definitions((command.arguments ?? []).map(argument => [argument.name, argument.doc])), paint),
    ...section('Options', definitions(own.map(option => [optionName(option), optionDoc(option)])), paint),
    ...section('Options of every command', definitions(everywhere.map(option => [optionName(option), option.doc])), paint),
  ]
}

function exampleLines (example: Command['examples'][number], paint: Paint): string[] {
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
  return [doc, ...(required === true ? ['Required.'] : []), ...(repeatable === true ? ['May be repeated.'] : [])].join(' ')
}
