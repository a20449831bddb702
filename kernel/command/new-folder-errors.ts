import { defineError, type ErrorEntry } from '../contract/errors.js'

export const NewFolderTaken = defineError({
  code: 'NEW_FOLDER_TAKEN',
  kind: 'exists',
  meaning: 'Where a new folder should be, there is a folder with something in it, or a file.',
  remedy: 'Choose another name, or move away what is there. Nothing was changed.',
  sentence: (d: { folder: string }) => `${d.folder} is there already and not empty`,
})

export const NewFolderNotWritten = defineError({
  code: 'NEW_FOLDER_NOT_WRITTEN',
  kind: 'unavailable',
  meaning: 'The files of a new folder could not be written.',
  remedy: 'Check that you may write to the folder and that the disk has room. What was begun has been removed again.',
  sentence: (d: { folder: string, reason: string }) => `${d.folder} could not be written: ${d.reason}`,
})

export const NewPluginNameInvalid = defineError({
  code: 'NEW_PLUGIN_NAME_INVALID',
  kind: 'invalid',
  meaning: 'The name of a new plugin can be no name of a plugin.',
  remedy: 'Choose <seam>-<how> in lower-case letters, digits and hyphens, at most 63: `auth-ldap`, `admission-hours`.',
  sentence: (d: { name: string }) => `"${d.name}" can be no name of a new plugin`,
})

export const newFolderErrors: readonly ErrorEntry[] = [NewFolderTaken, NewFolderNotWritten, NewPluginNameInvalid]
