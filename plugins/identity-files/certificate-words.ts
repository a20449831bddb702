import path from 'node:path'
import type { CommandContext, CommandInput, CommandWords } from '../../kernel/contract/index.js'

/** A hundred years: what is longer was a slip. */
const MOST_DAYS = 36_500

/** The value of an option that was given once, or `otherwise`. */
export function optionOr (input: CommandInput, name: string, otherwise: string): string {
  const value = input.options[name]
  return value === undefined || value === true ? otherwise : value[0] ?? otherwise
}

/** `365d` → 365. Throws `COMMAND_VALUE_INVALID`. */
export const daysOf = (words: CommandWords, text: string): number =>
  words.wholeNumber('`--validity` in days', text.replace(/d$/, ''), 1, MOST_DAYS)

/** The folder for keys and certificates, absolute. */
export const folderOf = ({ input, workingFolder }: CommandContext): string =>
  path.resolve(workingFolder, optionOr(input, 'dir', 'tls'))

/** Where the authority's files are by default. */
export const authorityPlaces = (folder: string) => ({ certificate: path.join(folder, 'ca.pem'), key: path.join(folder, 'ca.key') })

/** How a path is shown: from the working folder, if it lies in it. */
export function shownPath ({ workingFolder }: CommandContext, file: string): string {
  const relative = path.relative(workingFolder, file)
  return relative.startsWith('..') || path.isAbsolute(relative) ? file : relative
}

/** ISO 8601, down to the second. */
export const dateText = (milliseconds: number): string => new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z')
