import { configSchema, oneOf, type ConfigOf } from '../../kernel/contract/index.js'

const DAY = 86_400_000

export const authApiKeyConfig = configSchema({
  first_key: {
    doc: 'Whether the server makes a first key, with the role `admin`: `once`, when it has no keys yet; `always`, at each start, '
      + 'in place of the one before; `never`.',
    format: oneOf('once', 'always', 'never'),
    default: 'once',
  },
  first_key_file: {
    doc: 'File for the first key, which only the owner may read. Left out: first-api-key in the data directory of the node.',
    format: 'path',
    default: null,
  },
  hash_key_file: {
    doc: 'File with the secret that hashes of keys are made with; made if it is missing. Left out: api-key-hashes.key in the data '
      + 'directory.',
    format: 'path',
    default: null,
  },
  lifetime: {
    doc: 'How long a key works when whoever makes it says nothing else. 0: for ever.',
    format: 'duration', default: '90d', min: 0, max: 3_650 * DAY,
  },
  grace: {
    doc: 'How long a key that was rotated out goes on working, when whoever rotates it says nothing else.',
    format: 'duration', default: '7d', min: 0, max: 90 * DAY,
  },
  max_keys: {
    doc: 'Most keys that are kept, those that have expired or were revoked included.',
    format: 'integer', default: 10_000, min: 1, max: 100_000,
  },
})

export type AuthApiKeyConfig = ConfigOf<typeof authApiKeyConfig>
