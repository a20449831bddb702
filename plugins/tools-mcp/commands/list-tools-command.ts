import { toJson } from '@bufbuild/protobuf'
import type { CommandContext, RunCommand } from '../../../kernel/contract/index.js'
import { ListToolsResponseSchema, Tools, type ListToolsResponse } from '../proto/caxton/v1/tools_pb.js'
import { optionOf } from './tool-words.js'

/** What of a description goes into a table. */
const SUMMARY = 34

/** `caxton tools list` */
export const run: RunCommand = async context => {
  const connector = await context.connect()
  const answer = await connector.unary(Tools.method.list, { server: optionOf(context, 'server') }, context.signal)
  if (context.input.options['servers'] === true) showServers(context, answer)
  else if (context.input.options['grants'] === true) showGrants(context, answer)
  else showTools(context, answer)
  return 0
}

function showTools ({ terminal }: CommandContext, answer: ListToolsResponse): void {
  terminal.table(answer.tools, [
    { heading: 'TOOL', text: ({ name }) => name },
    { heading: 'CALLABLE', text: ({ consent }) => consent === 'agreed' ? 'yes' : `no: ${consent}` },
    { heading: 'DESCRIPTION', text: ({ title, description }) => summaryOf(title || description) },
  ], dataOf(answer))
  const waiting = answer.tools.filter(({ consent }) => consent !== 'agreed').length
  if (waiting > 0) {
    terminal.say(`${waiting} of them can't be called until you agree: see \`caxton tools show TOOL\`, then \`caxton tools approve TOOL\`.`)
  }
  for (const { name, state, reason } of answer.servers) {
    if (state !== 'ready') terminal.say(`The server "${name}" is ${state}${reason === '' ? '' : `: ${reason}`}.`)
  }
}

function showServers ({ terminal }: CommandContext, answer: ListToolsResponse): void {
  terminal.table(answer.servers, [
    { heading: 'SERVER', text: ({ name }) => name },
    { heading: 'STATE', text: ({ state }) => state },
    { heading: 'MCP', text: ({ revision }) => revision || '-' },
    { heading: 'TOOLS', text: ({ tools }) => String(tools), right: true },
    { heading: 'CALLS', text: ({ callsUnderWay }) => String(callsUnderWay), right: true },
    { heading: 'RESTARTS', text: ({ restarts }) => String(restarts), right: true },
    { heading: 'REASON', text: ({ reason }) => reason || '-' },
  ], dataOf(answer))
}

function showGrants ({ terminal }: CommandContext, answer: ListToolsResponse): void {
  terminal.table(answer.grants, [
    { heading: 'AGENTS', text: ({ agents }) => agents },
    { heading: 'TOOLS', text: ({ tools }) => tools },
    { heading: 'ARGUMENTS', text: grant => grant.arguments.join(' ') || 'any' },
    { heading: 'BY', text: ({ by }) => by },
  ], dataOf(answer))
}

const dataOf = (answer: ListToolsResponse): unknown => toJson(ListToolsResponseSchema, answer, { alwaysEmitImplicit: true })

function summaryOf (text: string): string {
  const [line = ''] = text.trim().split('\n')
  return line.length > SUMMARY ? `${line.slice(0, SUMMARY - 1)}…` : line
}
