import path from 'node:path'
import type { CommandContext, CommandInput, CommandWords } from '../../kernel/contract/index.js'
import { readAuthority, type SigningAuthority } from './signing-authority.js'

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

/** The values of an option that may be given several times. */
export function optionsOf (input: CommandInput, name: string): readonly string[] {
  const values = input.options[name]
  return values === undefined || values === true ? [] : values
}

/** The authority that the options name, by default the one in the folder. Throws what {@link readAuthority} does. */
export async function authorityOf (context: CommandContext): Promise<SigningAuthority & { readonly file: string }> {
  const { input, workingFolder, clock } = context
  const beside = authorityPlaces(folderOf(context))
  const file = path.resolve(workingFolder, optionOr(input, 'ca-cert', beside.certificate))
  return { file, ...await readAuthority(file, path.resolve(workingFolder, optionOr(input, 'ca-key', beside.key)), clock.now()) }
}

/** How a path is shown: from the working folder, if it lies in it. */
export function shownPath ({ workingFolder }: CommandContext, file: string): string {
  const relative = path.relative(workingFolder, file)
  return relative.startsWith('..') || path.isAbsolute(relative) ? file : relative
}

/** ISO 8601, down to the second. */
export const dateText = (milliseconds: number): string => new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z')
