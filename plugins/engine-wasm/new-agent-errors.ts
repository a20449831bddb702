import { defineError, type ErrorEntry } from '../../kernel/contract/index.js'

export const NewAgentNameInvalid = defineError({
  code: 'NEW_AGENT_NAME_INVALID',
  kind: 'invalid',
  meaning: 'The name of a new agent can be no name of a folder, a package and an agent at once.',
  remedy: 'Choose 1 to 64 lower-case letters, digits, dots, hyphens and underscores, a letter or a digit first.',
  sentence: (d: { name: string }) => `"${d.name}" can be no name of a new agent`,
})

export const NewAgentFolderTaken = defineError({
  code: 'NEW_AGENT_FOLDER_TAKEN',
  kind: 'exists',
  meaning: 'Where the new agent\'s folder should be, there is a folder with something in it, or a file.',
  remedy: 'Choose another name, or move away what is there. Nothing was changed.',
  sentence: (d: { folder: string }) => `${d.folder} is there already and not empty`,
})

export const NewAgentNotWritten = defineError({
  code: 'NEW_AGENT_NOT_WRITTEN',
  kind: 'unavailable',
  meaning: 'The files of the new agent could not be written.',
  remedy: 'Check that you may write to the folder and that the disk has room. What was begun has been removed again.',
  sentence: (d: { folder: string, reason: string }) => `the new agent could not be written to ${d.folder}: ${d.reason}`,
})

/** For the plugin's `errors`. */
export const newAgentErrors: readonly ErrorEntry[] = [NewAgentNameInvalid, NewAgentFolderTaken, NewAgentNotWritten]
