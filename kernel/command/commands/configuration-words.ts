import { resolve } from 'node:path'
import type { CommandContext, CommandInput } from '../../contract/command.js'
import type { ServerOptions } from '../../lifecycle/server.js'
import { isSet, option, optionValues } from './input-words.js'

/**
 * The configuration that a command line names: `--config`, else CAXTON_CONFIG, else none; its `--set`s; and what it says of the
 * node and of its cluster.
 */
export function configurationWords ({ input, environment, signal, workingFolder }: CommandContext): ServerOptions {
  const file = option(input, 'config') ?? environment['CAXTON_CONFIG'] ?? ''
  const nodeId = option(input, 'node-id')
  const cluster = clusterWords(input)
  return {
    ...(file === '' ? {} : { configurationFile: resolve(workingFolder, file) }),
    sets: [...optionValues(input, 'set'), ...nodeId === undefined ? [] : [`node.id=${nodeId}`]],
    ...cluster === undefined ? {} : { cluster },
    environment,
    signal,
  }
}

/** What the line says of the cluster; undefined when nothing. */
function clusterWords (input: CommandInput): ServerOptions['cluster'] {
  const join = optionValues(input, 'join').flatMap(seeds => seeds.split(',')).map(seed => seed.trim()).filter(seed => seed !== '')
  const [bootstrap, fromFile] = [isSet(input, 'bootstrap'), isSet(input, 'cluster')]
  return bootstrap || fromFile || join.length > 0 ? { bootstrap, join, fromFile } : undefined
}
