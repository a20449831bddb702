import type { RunCommand } from '../../kernel/contract/index.js'
import { questionOf } from './audit-question.js'
import { Audit } from './proto/caxton/v1/audit_pb.js'

/** `caxton audit export` */
export const run: RunCommand = async context => {
  const question = await questionOf(context)
  const connector = await context.connect()
  for await (const { line } of connector.serverStream(Audit.method.query, question, context.signal)) {
    context.terminal.item(line, JSON.parse(line))
  }
  context.signal.throwIfAborted()
  return 0
}
