import { toJson } from '@bufbuild/protobuf'
import type { RunCommand } from '../../kernel/contract/index.js'
import { Authorization, ListRolesResponseSchema, type RoleInfo } from './proto/caxton/v1/authorization_pb.js'

/** `caxton auth roles` */
export const run: RunCommand = async ({ connect, signal, terminal }) => {
  const connector = await connect()
  const answer = await connector.unary(Authorization.method.listRoles, {}, signal)
  const { roles, bindings, policy, trouble } = answer
  terminal.record([
    ['policy', policy],
    ...trouble === '' ? [] : [['not in force', trouble] as const],
    ...roles.flatMap(linesOf),
    ...bindings.map(binding => ['binding', `${binding.who}: ${binding.roles.join(', ') || 'the roles of these names'}`] as const),
  ], toJson(ListRolesResponseSchema, answer, { alwaysEmitImplicit: true }))
  return 0
}

function linesOf ({ name, summary, builtIn, includes, allow, deny }: RoleInfo): Array<readonly [string, string]> {
  const rest = [
    ...includes.length === 0 ? [] : [`includes ${includes.join(', ')}`],
    ...allow.map(rule => `allows ${rule}`),
    ...deny.map(rule => `denies ${rule}`),
  ]
  const what = `${name}${builtIn ? ', built in' : ''}${summary === '' ? '' : `: ${summary}`}`
  return [['role', what], ...rest.map(line => ['', line] as const)]
}
