import { toJson } from '@bufbuild/protobuf'
import type { RunCommand } from '../../../kernel/contract/index.js'
import { ApiKeys, ListApiKeysResponseSchema } from '../proto/caxton/v1/api_keys_pb.js'
import { momentText } from './key-words.js'

/** `caxton auth list-keys` */
export const run: RunCommand = async context => {
  const connector = await context.connect()
  const answer = await connector.unary(ApiKeys.method.list, { all: context.input.options['all'] === true }, context.signal)
  context.terminal.table(answer.keys, [
    { heading: 'NAME', text: ({ name }) => name },
    { heading: 'ID', text: ({ id }) => id },
    { heading: 'ROLES', text: ({ roles }) => roles.join(',') || '-' },
    { heading: 'STATE', text: ({ state }) => state },
    { heading: 'EXPIRES', text: ({ expires }) => momentText(expires) },
    { heading: 'OLD KEY UNTIL', text: ({ previousUntil }) => momentText(previousUntil) },
    { heading: 'LAST USED', text: ({ lastUsed }) => momentText(lastUsed) },
  ], toJson(ListApiKeysResponseSchema, answer, { alwaysEmitImplicit: true }))
  return 0
}
