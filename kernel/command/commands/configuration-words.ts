import { resolve } from 'node:path'
import type { CommandContext } from '../../contract/command.js'
import type { ServerOptions } from '../../lifecycle/server.js'
import { option, optionValues } from './input-words.js'

/** The configuration that a command line names: `--config`, else CAXTON_CONFIG, else none; and its `--set`s. */
export function configurationWords ({ input, environment, signal, workingFolder }: CommandContext): ServerOptions {
  const file = option(input, 'config') ?? environment['CAXTON_CONFIG'] ?? ''
  return {
    ...(file === '' ? {} : { configurationFile: resolve(workingFolder, file) }),
    sets: optionValues(input, 'set'),
    environment,
    signal,
  }
}
