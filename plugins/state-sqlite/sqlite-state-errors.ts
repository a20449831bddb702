import { defineError } from '../../kernel/contract/in-shard.js'

export const StateFileUnusable = defineError({
  code: 'STATE_FILE_UNUSABLE',
  kind: 'configuration',
  meaning: 'The database file of state-sqlite cannot be made, opened or written, is damaged, or belongs to another program. It was left as '
    + 'it is.',
  remedy: 'Give the user that runs Caxton write access to it and its folder, name another place with `file` of the plugin, or restore it '
    + 'from a backup.',
  sentence: (d: { file: string, reason: string }) => `the state file ${d.file} cannot be used: ${d.reason}`,
})

export const StateFileNewer = defineError({
  code: 'STATE_FILE_NEWER',
  kind: 'precondition',
  meaning: 'The database file of state-sqlite was written by a newer version of Caxton, and this one could damage it.',
  remedy: 'Start the newer version again, or restore a backup that was made before the upgrade.',
  sentence: (d: { file: string, stored: number, known: number }) =>
    `the state file ${d.file} has layout ${d.stored}; this Caxton knows layouts up to ${d.known}`,
})

export const sqliteStateErrors = [StateFileUnusable, StateFileNewer] as const
