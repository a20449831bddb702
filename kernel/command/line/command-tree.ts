import { CommandUnknown } from '../command-errors.js'
import { nearestWords } from './nearest-words.js'

/** Other words for the beginning of a command. */
export const ALIASES: Readonly<Record<string, readonly string[]>> = {
  agent: ['agents'],
  deploy: ['agents', 'deploy'],
  messages: ['message'],
  conversation: ['conversations'],
  deadletter: ['deadletters'],
  plugin: ['plugins'],
}

/** Other words for a whole command; the rest are only other spellings, which nobody needs to be offered. */
const SHORT_CUTS = Object.keys(ALIASES).filter(alias => (ALIASES[alias]?.length ?? 0) > 1)

/** A command as far as finding it needs. */
interface Named {
  readonly path: readonly string[]
}

/** The words at the beginning of a command, with other words for them replaced. */
export function expandAlias (words: readonly string[]): readonly string[] {
  const [first, ...rest] = words
  const expansion = first !== undefined && Object.hasOwn(ALIASES, first) ? ALIASES[first] : undefined
  return expansion === undefined ? words : [...expansion, ...rest]
}

const startsWith = (path: readonly string[], beginning: readonly string[]): boolean =>
  beginning.every((word, index) => path[index] === word)

/** The commands whose path begins with these words. */
export const commandsBelow = <C extends Named>(commands: readonly C[], beginning: readonly string[]): C[] =>
  commands.filter(command => startsWith(command.path, beginning))

/** The command with exactly this path. */
export const commandAt = <C extends Named>(commands: readonly C[], path: readonly string[]): C | undefined =>
  commandsBelow(commands, path).find(command => command.path.length === path.length)

/** The error for words that begin no command, with those that may have been meant. */
export function unknownCommand (commands: readonly Named[], words: readonly string[]): Error {
  const known = words.slice(0, -1)
  const typed = words.at(-1) ?? ''
  const near = nearestWords(typed, followers(commands, known)).map(word => ['caxton', ...known, word].join(' '))
  return CommandUnknown({ typed: words.join(' '), near: near.length > 0 ? near : sameVerb(commands, typed) })
}

function followers (commands: readonly Named[], beginning: readonly string[]): string[] {
  const words = commandsBelow(commands, beginning).map(command => command.path[beginning.length] ?? '')
  return beginning.length === 0 ? [...words, ...SHORT_CUTS, 'help', 'version'] : words
}

/** Commands of any group that end with this word: `inspect` alone is `agents inspect`. */
const sameVerb = (commands: readonly Named[], verb: string): string[] =>
  commands.filter(command => command.path.at(-1) === verb).slice(0, 3).map(({ path }) => ['caxton', ...path].join(' '))
