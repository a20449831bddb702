import { defineError } from '../../kernel/contract/index.js'

export const ApiKeyInvalid = defineError({
  code: 'API_KEY_INVALID',
  kind: 'invalid',
  meaning: 'What was asked for a key is not possible: its name, one of its roles, or a time.',
  remedy: 'Names have 1 to 63 letters, digits, dots, dashes, underscores and @; roles begin with a letter; a time is at most ten years.',
  sentence: (d: { part: string, value: string }) => `"${d.value}" can't be ${d.part}`,
})

export const ApiKeyExists = defineError({
  code: 'API_KEY_EXISTS',
  kind: 'exists',
  meaning: 'There is an active key of that name.',
  remedy: 'Choose another name, or renew the key with `caxton auth rotate-key NAME`.',
  sentence: (d: { name: string }) => `there is an active key "${d.name}" already`,
})

export const ApiKeyNotFound = defineError({
  code: 'API_KEY_NOT_FOUND',
  kind: 'not-found',
  meaning: 'No key has that name or id, or none that is still active.',
  remedy: 'See the keys with `caxton auth list-keys --all`.',
  sentence: (d: { name: string }) => `there is no key "${d.name}" that could be changed`,
})

export const ApiKeysFull = defineError({
  code: 'API_KEYS_FULL',
  kind: 'exhausted',
  meaning: 'As many keys are kept as the configuration allows. Revoked ones count until they would have expired, so that nothing revives '
    + 'them.',
  remedy: 'Raise `max_keys` of auth-api-key, or make keys that expire.',
  sentence: (d: { most: number }) => `there are ${d.most} keys already`,
})

export const ApiKeyFileUnusable = defineError({
  code: 'API_KEY_FILE_UNUSABLE',
  kind: 'configuration',
  meaning: 'A file with a secret of auth-api-key can\'t be read or written, is damaged, or is open to others than its owner.',
  remedy: 'Correct what the message names: `chmod 600 FILE`, the owner, or the path. Restore a damaged file from a backup; without it all '
    + 'keys are lost, and new ones have to be made.',
  sentence: (d: { file: string, reason: string }) => `the file ${d.file} can't be used: ${d.reason}`,
})

export const apiKeyErrors = [ApiKeyInvalid, ApiKeyExists, ApiKeyNotFound, ApiKeysFull, ApiKeyFileUnusable] as const
