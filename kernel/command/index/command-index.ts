import { readFile } from 'node:fs/promises'
import type { Command } from '../../contract/command.js'
import type { ErrorEntry } from '../../contract/errors.js'
import { CommandIndexMissing } from '../command-errors.js'

/** A command with who gives it: `kernel`, or the name of a plugin. */
export interface IndexedCommand extends Command {
  readonly from: string
}

/** All that the program needs to know of itself, so that help and parsing load no code. The build writes it. */
export interface CommandIndex {
  readonly version: string
  readonly commands: readonly IndexedCommand[]
  /** URL of the module with `openConnector`, where a plugin offers one. */
  readonly connector?: string
  /** Names of the built-in plugins. */
  readonly plugins: readonly string[]
}

/** An error with who declares it. */
export interface IndexedError extends ErrorEntry {
  readonly from: string
}

/** The entry alone, without the function that it may be part of. */
export const indexedError = ({ code, kind, meaning, remedy }: ErrorEntry, from: string): IndexedError =>
  ({ from, code, kind, meaning, remedy })

/** The folder of the compiled program, where the build puts the two indexes. Modules are noted relative to it. */
export const DIST = new URL('../../../', import.meta.url)
export const COMMAND_INDEX = 'command-index.json'
export const ERROR_INDEX = 'error-index.json'

/** Reads the index of commands from `folder`. Throws `COMMAND_INDEX_MISSING`. */
export async function readCommandIndex (folder: URL = DIST): Promise<CommandIndex> {
  const index = await readJson<CommandIndex>(new URL(COMMAND_INDEX, folder))
  const resolved = (module: string): string => new URL(module, folder).href
  return {
    ...index,
    ...(index.connector === undefined ? {} : { connector: resolved(index.connector) }),
    commands: index.commands.map(command => ({ ...command, module: resolved(command.module) })),
  }
}

/** Reads the index of errors from `folder`. Throws `COMMAND_INDEX_MISSING`. */
export const readErrorIndex = (folder: URL = DIST): Promise<readonly IndexedError[]> =>
  readJson<readonly IndexedError[]>(new URL(ERROR_INDEX, folder))

async function readJson<T> (file: URL): Promise<T> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as T
  } catch (error) {
    throw CommandIndexMissing({ file: file.pathname }, { cause: error })
  }
}
