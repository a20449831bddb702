import type { RunCommand } from '../../contract/command.js'
import { Server, WhoAmIResponseSchema } from '../../contract/proto/caxton/v1/server_pb.js'
import { jsonOf } from './answer-data.js'
import { askServer } from './server-call.js'

/** `caxton auth whoami` */
export const run: RunCommand = async context => {
  const answer = await askServer(context, Server.method.whoAmI, {})
  const { principal, method, roles } = answer
  context.terminal.record([
    ['principal', principal],
    ['proven by', method === 'none' ? 'nobody: the server does not ask who calls' : method],
    ['roles', roles.length === 0 ? 'the credential carries none' : roles.join(', ')],
  ], jsonOf(WhoAmIResponseSchema, answer))
  return 0
}
