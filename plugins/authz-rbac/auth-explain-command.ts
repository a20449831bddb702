import { toJson } from '@bufbuild/protobuf'
import type { RunCommand } from '../../kernel/contract/index.js'
import { Authorization, ExplainRightResponseSchema } from './proto/caxton/v1/authorization_pb.js'

/** `caxton auth explain` */
export const run: RunCommand = async ({ input, connect, signal, terminal }) => {
  const argument = (name: string): string => input.arguments[name]?.[0] ?? ''
  const option = (name: string): readonly string[] => {
    const given = input.options[name]
    return given === undefined || given === true ? [] : given
  }
  const request = {
    principal: argument('PRINCIPAL'), action: argument('ACTION'), resource: argument('RESOURCE'),
    roles: [...option('role')], method: option('method')[0] ?? '',
  }
  const connector = await connect()
  const answer = await connector.unary(Authorization.method.explain, request, signal)
  terminal.record([
    ['allowed', answer.allowed ? 'yes' : 'no'],
    ['because', answer.because],
    ['right', answer.right],
    ['on', request.resource === '' ? 'everything' : request.resource],
    ...answer.roles.map(({ role, binding }) => ['role', `${role}, by the binding of ${binding}`] as const),
  ], toJson(ExplainRightResponseSchema, answer, { alwaysEmitImplicit: true }))
  return answer.allowed ? 0 : 1
}
