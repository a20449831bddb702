import { resolve } from 'node:path'
import { toJson } from '@bufbuild/protobuf'
import type { CommandContext } from '../../../kernel/contract/index.js'
import { writeOwn } from '../keys/own-files.js'
import { ApiKeySchema, type ApiKey } from '../proto/caxton/v1/api_keys_pb.js'

/** Ten years, in milliseconds. */
const LONGEST = 3_650 * 86_400_000

/** The value of an option that was given once. */
export function optionOf ({ input }: CommandContext, name: string): string | undefined {
  const value = input.options[name]
  return value === undefined || value === true ? undefined : value[0]
}

/** A time in milliseconds, 0 for `never`; undefined when the option was not given. Throws `COMMAND_VALUE_INVALID`. */
export function timeOf (context: CommandContext, name: string): bigint | undefined {
  const text = optionOf(context, name)
  if (text === undefined) return undefined
  return text === 'never' ? 0n : BigInt(Math.ceil(context.words.duration(`\`--${name}\``, text, LONGEST)))
}

/** `2026-11-20 14:03 UTC`, or `-` for never. */
export const momentText = (milliseconds: bigint): string =>
  milliseconds === 0n ? '-' : `${new Date(Number(milliseconds)).toISOString().slice(0, 16).replace('T', ' ')} UTC`

/** Shows a key that was just made, or writes it where the line says. */
export async function showMade (
  context: CommandContext, { key, described }: { key: string, described?: ApiKey | undefined },
): Promise<void> {
  const { terminal, workingFolder } = context
  const chosen = optionOf(context, 'file')
  const file = chosen === undefined ? undefined : resolve(workingFolder, chosen)
  const problem = file === undefined ? undefined : await written(file, key)
  const isShown = file === undefined || problem !== undefined
  terminal.record([
    ...isShown ? [['key', key] as const] : [['file', file] as const],
    ['name', described?.name ?? ''],
    ['roles', described?.roles.join(', ') || '-'],
    ['expires', momentText(described?.expires ?? 0n)],
    ...described?.previousUntil ? [['old key until', momentText(described.previousUntil)] as const] : [],
  ], {
    ...isShown ? { key } : { file },
    ...described === undefined ? {} : { described: toJson(ApiKeySchema, described, { alwaysEmitImplicit: true }) },
  })
  if (problem !== undefined) terminal.say(problem)
  if (isShown && terminal.output === 'human') terminal.say('The key is shown this once; the server keeps only a hash of it.')
}

/** Undefined when the key was written; else why not. It can't be had again, so this is no reason to lose it. */
async function written (file: string, key: string): Promise<string | undefined> {
  try {
    await writeOwn(file, `${key}\n`)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
