import type { RunCommand } from '../../../kernel/contract/index.js'
import { ApiKeys } from '../proto/caxton/v1/api_keys_pb.js'
import { showMade, timeOf } from './key-words.js'

/** `caxton auth create-key` */
export const run: RunCommand = async context => {
  const { input, signal } = context
  const given = input.options['role']
  const roles = (given === undefined || given === true ? [] : given).flatMap(words => words.split(',')).map(role => role.trim())
  const lifetime = timeOf(context, 'expires-in')
  const connector = await context.connect()
  const made = await connector.unary(ApiKeys.method.create, {
    name: input.arguments['NAME']?.[0] ?? '', roles: roles.filter(role => role !== ''), ...lifetime === undefined ? {} : { lifetime },
  }, signal)
  await showMade(context, made)
  return 0
}
