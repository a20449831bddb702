import { resolve } from 'node:path'
import type { CommandContext } from '../../contract/command.js'
import { option, optionValues } from './input-words.js'
import type { ConfigurationOptions } from './server-lifecycle.js'

/** The configuration that a command line names: `--config`, else CAXTON_CONFIG, else none; and its `--set`s. */
export function configurationWords ({ input, environment, workingFolder }: CommandContext): ConfigurationOptions {
  const file = option(input, 'config') ?? environment['CAXTON_CONFIG'] ?? ''
  return {
    ...(file === '' ? {} : { configurationFile: resolve(workingFolder, file) }),
    sets: optionValues(input, 'set'),
    environment: { ...environment },
  }
}
