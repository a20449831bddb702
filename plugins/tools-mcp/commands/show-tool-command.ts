import { toJson } from '@bufbuild/protobuf'
import type { RunCommand } from '../../../kernel/contract/index.js'
import { ShowToolResponseSchema, Tools } from '../proto/caxton/v1/tools_pb.js'
import { argumentOf, grantText } from './tool-words.js'

/** `caxton tools show` */
export const run: RunCommand = async context => {
  const connector = await context.connect()
  const answer = await connector.unary(Tools.method.show, { name: argumentOf(context, 'TOOL') }, context.signal)
  const { tool, inputSchema, outputSchema, hints, agreedDefinition, hash, agreedBy, agreedAt, grants } = answer
  const when = agreedAt === 0n ? '' : new Date(Number(agreedAt)).toISOString().slice(0, 16).replace('T', ' ')
  const by = agreedBy === '' ? 'when it was first seen' : `by ${agreedBy}`
  const agreed = agreedAt === 0n ? [] : [['agreed', `${when} UTC, ${by}`] as const]
  context.terminal.record([
    ['tool', tool?.name ?? ''],
    ['callable', tool?.consent === 'agreed' ? 'yes' : `no: ${tool?.consent ?? ''}`],
    ['description', tool?.description.trim() ?? ''],
    ['takes', inputSchema],
    ...outputSchema === '' ? [] : [['gives', outputSchema] as const],
    ...hints === '' ? [] : [['says of itself', hints] as const],
    ...agreed,
    ...agreedDefinition === '' ? [] : [['agreed was', agreedDefinition] as const],
    ['hash', hash],
    ['granted', grants.map(grantText).join('; ') || 'to nobody'],
  ], toJson(ShowToolResponseSchema, answer, { alwaysEmitImplicit: true }))
  return 0
}
