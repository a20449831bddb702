import type { CommandInput } from '../../contract/command.js'
import { CommandValueInvalid } from '../command-errors.js'
import { nearestWords } from '../line/nearest-words.js'

/** The value of an option that may be given once. */
export function option (input: CommandInput, name: string): string | undefined {
  const value = input.options[name]
  return value === undefined || value === true ? undefined : value[0]
}

/** All values of a repeatable option. */
export function optionValues (input: CommandInput, name: string): readonly string[] {
  const value = input.options[name]
  return value === undefined || value === true ? [] : value
}

/** Whether a switch was given. */
export const isSet = (input: CommandInput, name: string): boolean => input.options[name] === true

/** The value of an argument that is there once: the parser has made sure of a required one. */
export const argument = (input: CommandInput, name: string): string => input.arguments[name]?.[0] ?? ''

/** The value of an option that is one of a few words; empty when it was not given. Throws `COMMAND_VALUE_INVALID`. */
export function wordOf (input: CommandInput, name: string, words: readonly string[]): string {
  const text = option(input, name) ?? ''
  if (text === '' || words.includes(text)) return text
  throw CommandValueInvalid({
    what: `\`--${name}\``, value: text, expected: `it is one of ${words.join(', ')}`, near: nearestWords(text, words),
  })
}
