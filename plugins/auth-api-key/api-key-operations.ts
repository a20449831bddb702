import type { MessageInitShape } from '@bufbuild/protobuf'
import { operations, type Handlers, type OperationService } from '../../kernel/contract/index.js'
import type { ApiKeyAuthenticator } from './api-key-authenticator.js'
import { stateOf, type KeyRecord } from './keys/key-record.js'
import { ApiKeys, type ApiKeySchema } from './proto/caxton/v1/api_keys_pb.js'

const numberOf = (milliseconds: bigint | undefined): number | undefined => milliseconds === undefined ? undefined : Number(milliseconds)

/** The operations on keys, for the plugin's `operations`. */
export const apiKeyOperations: OperationService = operations(ApiKeys, (main: ApiKeyAuthenticator): Handlers<typeof ApiKeys> => ({
  create: async ({ name, roles, lifetime }, { principal }) => {
    const { text, record } = await main.keys.create({ name, roles, createdBy: principal.name, lifetime: numberOf(lifetime) })
    return { key: text, described: describe(main, record) }
  },
  list: async ({ all }) => ({ keys: main.keys.list(all).map(record => describe(main, record)) }),
  rotate: async ({ name, grace, lifetime }) => {
    const { text, record } = await main.keys.rotate(name, numberOf(grace), numberOf(lifetime))
    return { key: text, described: describe(main, record) }
  },
  revoke: async ({ name }) => ({ described: describe(main, await main.keys.revoke(name)) }),
}))

function describe ({ book, now }: ApiKeyAuthenticator, record: KeyRecord): MessageInitShape<typeof ApiKeySchema> {
  const { id, name, roles, created, createdBy, expires, revoked, hashes: [, previous] } = record
  const at = now()
  return {
    id, name, roles: [...roles], createdBy,
    state: stateOf(record, at),
    created: BigInt(created), expires: BigInt(expires), revoked: BigInt(revoked),
    previousUntil: BigInt(previous !== undefined && previous.until > at ? previous.until : 0), lastUsed: BigInt(book.lastUse(id)),
  }
}
