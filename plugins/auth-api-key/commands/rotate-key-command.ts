import type { RunCommand } from '../../../kernel/contract/index.js'
import { ApiKeys } from '../proto/caxton/v1/api_keys_pb.js'
import { showMade, timeOf } from './key-words.js'

/** `caxton auth rotate-key` */
export const run: RunCommand = async context => {
  const grace = timeOf(context, 'grace')
  const lifetime = timeOf(context, 'expires-in')
  const connector = await context.connect()
  const made = await connector.unary(ApiKeys.method.rotate, {
    name: context.input.arguments['NAME']?.[0] ?? '',
    ...grace === undefined ? {} : { grace }, ...lifetime === undefined ? {} : { lifetime },
  }, context.signal)
  await showMade(context, made)
  return 0
}
