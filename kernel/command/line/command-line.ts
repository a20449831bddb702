import type { Command, CommandInput } from '../../contract/command.js'
import { CommandArgumentUnexpected } from '../command-errors.js'
import { commandAt, commandsBelow, expandAlias, unknownCommand } from './command-tree.js'
import { PROGRAM_OPTIONS } from './program-options.js'
import { checkComplete, isOption, noteOption, parseWords, readOption, type Grammar } from './words-parser.js'

type Options = CommandInput['options']

/** A command line that was understood. `program` holds the values of the options that every command has. */
export type CommandLine<C extends Command = Command> =
  | { readonly kind: 'help', readonly path: readonly string[], readonly program: Options }
  | { readonly kind: 'version', readonly program: Options }
  | { readonly kind: 'run', readonly command: C, readonly input: CommandInput, readonly program: Options }

/** What a command's line may hold: its own options, and those of the program whose names it does not use itself. */
export function grammarOf (command: Command): Grammar {
  const own = command.options ?? []
  const letters = own.flatMap(({ short }) => short ?? [])
  const inherited = PROGRAM_OPTIONS.filter(option => !own.some(({ name }) => name === option.name))
    .map(option => letters.includes(option.short ?? '') ? withoutShort(option) : option)
  return {
    command: ['caxton', ...command.path].join(' '),
    arguments: command.arguments ?? [],
    options: [...own, ...inherited],
  }
}

function withoutShort ({ short: _, ...option }: Grammar['options'][number]): Grammar['options'][number] {
  return option
}

/** Reads a whole command line, without the program's name. Throws declared errors of kind `invalid`. */
export function readCommandLine<C extends Command> (words: readonly string[], commands: readonly C[]): CommandLine<C> {
  const front = readFront(words, commands)
  const program = front.options
  if (program['version'] === true) return { kind: 'version', program }
  if (front.help !== undefined) return { kind: 'help', path: front.help, program }
  const command = commandAt(commands, front.path)
  if (command === undefined) return { kind: 'help', path: front.path, program }
  if (program['help'] === true) return { kind: 'help', path: front.path, program }
  return readCommand(command, front.rest, program)
}

function readCommand<C extends Command> (command: C, rest: readonly string[], before: Options): CommandLine<C> {
  const grammar = grammarOf(command)
  const { arguments: given, options } = parseWords(rest, grammar)
  const own = new Set((command.options ?? []).map(option => option.name))
  const mine = Object.entries(options).filter(([name]) => own.has(name))
  const program = { ...before, ...Object.fromEntries(Object.entries(options).filter(([name]) => !own.has(name))) }
  if (program['help'] === true) return { kind: 'help', path: command.path, program }
  if (program['version'] === true) return { kind: 'version', program }
  const input = { arguments: given, options: Object.fromEntries(mine) }
  checkComplete(input, grammar)
  return { kind: 'run', command, input, program }
}

/** The program's options before the command's name, as far as they can be read. */
export function leadingOptions (words: readonly string[]): Options {
  const grammar: Grammar = { command: 'caxton', arguments: [], options: PROGRAM_OPTIONS }
  const values = new Map<string, string[] | true>()
  for (let index = 0; index < words.length && isOption(words[index] ?? '');) {
    const read = readOption(words.slice(index, index + 2), grammar)
    noteOption(values, read, grammar)
    index += read.words
  }
  return Object.fromEntries(values)
}

interface Front {
  readonly path: readonly string[]
  /** Set when the line asks for help by the word `help`: what about. */
  readonly help?: readonly string[]
  readonly options: Options
  /** The words after the command's name. */
  readonly rest: readonly string[]
}

/** Reads the command's name and the program's options before and within it. */
function readFront (words: readonly string[], commands: readonly Command[]): Front {
  const grammar: Grammar = { command: 'caxton', arguments: [], options: PROGRAM_OPTIONS }
  const values = new Map<string, string[] | true>()
  let path: readonly string[] = []
  let index = 0
  while (index < words.length && commandAt(commands, path) === undefined) {
    const word = words[index] ?? ''
    if (isOption(word)) {
      const read = readOption(words.slice(index, index + 2), grammar)
      noteOption(values, read, grammar)
      index += read.words
      continue
    }
    index++
    if (word === 'help' && commandAt(commands, [...path, word]) === undefined) {
      const help = helpPath([...path, ...words.slice(index)], commands)
      return { path, help, options: Object.fromEntries(values), rest: [] }
    }
    if (word === 'version' && path.length === 0) return versionFront(words.slice(index), values)
    path = extend(path, word, commands)
  }
  return { path, options: Object.fromEntries(values), rest: words.slice(index) }
}

function versionFront (rest: readonly string[], values: Map<string, string[] | true>): Front {
  if (rest[0] !== undefined) throw CommandArgumentUnexpected({ command: 'caxton version', argument: rest[0] })
  return { path: [], options: Object.fromEntries(values.set('version', true)), rest: [] }
}

function extend (path: readonly string[], word: string, commands: readonly Command[]): readonly string[] {
  const longer = expandAlias([...path, word])
  if (commandsBelow(commands, longer).length === 0) throw unknownCommand(commands, [...path, word])
  return longer
}

/** Topics of `caxton help` that are no commands. */
export const HELP_TOPICS: readonly string[] = ['exit-codes', 'output']

function helpPath (words: readonly string[], commands: readonly Command[]): readonly string[] {
  const plain = words.filter(word => !isOption(word))
  if (plain.length === 1 && HELP_TOPICS.includes(plain[0] ?? '')) return plain
  return plain.reduce<readonly string[]>((path, word) => extend(path, word, commands), [])
}
