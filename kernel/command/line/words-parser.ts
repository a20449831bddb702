import type { CommandArgument, CommandInput, CommandOption } from '../../contract/command.js'
import {
  CommandArgumentMissing, CommandArgumentUnexpected, CommandOptionMisused, CommandOptionUnknown,
} from '../command-errors.js'
import { nearestWords } from './nearest-words.js'

/** What may stand on a line, and what the line is called in messages. */
export interface Grammar {
  /** `caxton agents deploy` */
  readonly command: string
  readonly arguments: readonly CommandArgument[]
  readonly options: readonly CommandOption[]
}

type Values = Map<string, string[] | true>

/** An option as it was read, and how many words it took. */
export interface ReadOption {
  readonly name: string
  readonly value: string | true
  readonly words: 1 | 2
}

const NEGATIVE_NUMBER = /^-(\d|\.\d)/

/** Whether a word is an option: it begins with a dash, but is neither `-` alone nor a negative number. */
export const isOption = (word: string): boolean => word.startsWith('-') && word !== '-' && !NEGATIVE_NUMBER.test(word)

/**
 * Reads one option at the front of `words`: `--name VALUE`, `--name=VALUE`, `-n VALUE`, `-nVALUE`, or a switch. Throws
 * declared errors.
 */
export function readOption (words: readonly string[], grammar: Grammar): ReadOption {
  const [word = '', next] = words
  const { shown, option, attached } = splitOption(word, grammar)
  const misused = (problem: string): Error => CommandOptionMisused({ command: grammar.command, option: shown, problem })
  if (option.value === undefined) {
    if (attached !== undefined) throw misused('is a switch and takes no value')
    return { name: option.name, value: true, words: 1 }
  }
  if (attached !== undefined) return { name: option.name, value: attached, words: 1 }
  if (next === undefined) throw misused(`needs a value: ${shown} ${option.value}`)
  if (isOption(next)) throw misused(`needs a value before \`${next}\`; write it as \`--${option.name}=${next}\``)
  return { name: option.name, value: next, words: 2 }
}

function splitOption (word: string, grammar: Grammar): { shown: string, option: CommandOption, attached?: string } {
  const equals = word.indexOf('=')
  const head = equals < 0 ? word : word.slice(0, equals)
  const long = head.startsWith('--')
  const shown = long ? head : head.slice(0, 2)
  const option = grammar.options.find(known => long ? known.name === head.slice(2) : known.short === head[1])
  if (option === undefined || (!long && option.value === undefined && head.length > 2)) {
    const near = nearestWords(head.replace(/^-+/, ''), grammar.options.map(known => known.name))
    throw CommandOptionUnknown({ command: grammar.command, option: head, near: near.map(name => `--${name}`) })
  }
  if (!long && head.length > 2) return { shown, option, attached: word.slice(2) }
  return equals < 0 ? { shown, option } : { shown, option, attached: word.slice(equals + 1) }
}

/** Notes an option that was read; one that may not be repeated throws when it comes again. */
export function noteOption (values: Values, read: ReadOption, grammar: Grammar): void {
  const { name, value } = read
  if (value === true) {
    values.set(name, true)
    return
  }
  const known = values.get(name)
  if (known === undefined || known === true) {
    values.set(name, [value])
    return
  }
  if (grammar.options.find(option => option.name === name)?.repeatable !== true) {
    throw CommandOptionMisused({ command: grammar.command, option: `--${name}`, problem: 'may be given once only' })
  }
  known.push(value)
}

/**
 * Reads the words after a command's name. After `--` everything is an argument. Does not look for what is missing: see
 * {@link checkComplete}.
 */
export function parseWords (words: readonly string[], grammar: Grammar): CommandInput {
  const values: Values = new Map()
  const positional: string[] = []
  for (let index = 0; index < words.length;) {
    const word = words[index] ?? ''
    if (word === '--') {
      positional.push(...words.slice(index + 1))
      break
    }
    if (!isOption(word)) {
      positional.push(word)
      index++
      continue
    }
    const read = readOption(words.slice(index, index + 2), grammar)
    noteOption(values, read, grammar)
    index += read.words
  }
  return { arguments: assignArguments(positional, grammar), options: Object.fromEntries(values) }
}

function assignArguments (positional: readonly string[], grammar: Grammar): Record<string, readonly string[]> {
  const assigned: Record<string, readonly string[]> = {}
  let index = 0
  for (const argument of grammar.arguments) {
    const taken = positional.slice(index, argument.repeatable === true ? undefined : index + 1)
    if (taken.length > 0) assigned[argument.name] = taken
    index += taken.length
  }
  const extra = positional[index]
  if (extra !== undefined) throw CommandArgumentUnexpected({ command: grammar.command, argument: extra })
  return assigned
}

/** Throws the declared error for the first required argument or option that is missing. */
export function checkComplete (input: CommandInput, grammar: Grammar): void {
  for (const argument of grammar.arguments) {
    if (argument.required === true && input.arguments[argument.name] === undefined) {
      throw CommandArgumentMissing({ command: grammar.command, argument: argument.name, doc: argument.doc })
    }
  }
  for (const option of grammar.options) {
    if (option.required === true && input.options[option.name] === undefined) {
      throw CommandOptionMisused({
        command: grammar.command,
        option: `--${option.name}`,
        problem: `must be given: ${option.doc.replace(/\.$/, '')}`,
      })
    }
  }
}
