import { defineError } from '../../kernel/contract/in-shard.js'

export const StoreDirectoryUnwritable = defineError({
  code: 'STORE_DIRECTORY_UNWRITABLE',
  kind: 'configuration',
  meaning: 'The folder for the database, or the database file, cannot be made or written.',
  remedy: 'Give the user that runs Caxton write access to it, or name another place with node.data_dir or file of '
    + 'the store plugin.',
  sentence: (d: { path: string, reason: string }) => `cannot write to ${d.path}: ${d.reason}`,
})

export const StoreFileCorrupt = defineError({
  code: 'STORE_FILE_CORRUPT',
  kind: 'precondition',
  meaning: 'The database file is damaged, or it is no database of Caxton. It was left as it is; no new one was '
    + 'made in its place.',
  remedy: 'Restore it from a backup. Without one, `sqlite3 FILE .recover` may save most of it. To begin anew, move it and its '
    + '.created file away.',
  sentence: (d: { file: string, reason: string }) => `the database ${d.file} cannot be used: ${d.reason}`,
})

export const StoreFileMissing = defineError({
  code: 'STORE_FILE_MISSING',
  kind: 'precondition',
  meaning: 'There was a database here and it is gone. Caxton does not begin an empty one in its place.',
  remedy: 'Put the file back, or mount the disk that holds it. If it was deleted on purpose, delete its .created '
    + 'file too.',
  sentence: (d: { file: string, marker: string }) => `the database ${d.file} is gone, but ${d.marker} says that it was made`,
})

export const StoreFileLocked = defineError({
  code: 'STORE_FILE_LOCKED',
  kind: 'precondition',
  meaning: 'Another process has the database open. Only one may.',
  remedy: 'Stop the other process (`fuser FILE` shows it), or give this server another data directory.',
  sentence: (d: { file: string }) => `the database ${d.file} is in use by another process`,
})

export const sqliteStoreErrors = [
  StoreDirectoryUnwritable, StoreFileCorrupt, StoreFileMissing, StoreFileLocked,
] as const
