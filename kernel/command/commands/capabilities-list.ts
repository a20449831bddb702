import type { Column, RunCommand } from '../../contract/command.js'
import { Capabilities, ListCapabilitiesResponseSchema, type Capability } from '../../contract/proto/caxton/v1/capabilities_pb.js'
import { wholeNumber } from '../line/values.js'
import { jsonOf } from './answer-data.js'
import { option } from './input-words.js'
import { askServer } from './server-call.js'

const COLUMNS: ReadonlyArray<Column<Capability>> = [
  { heading: 'NAME', text: ({ name }) => name },
  { heading: 'VERSION', text: ({ version }) => version },
  { heading: 'AGENT', text: ({ agent }) => agent },
  { heading: 'DESCRIPTION', text: ({ description }) => description || '-' },
]

/** `caxton capabilities list` */
export const run: RunCommand = async context => {
  const { input, terminal } = context
  const answer = await askServer(context, Capabilities.method.list, {
    prefix: option(input, 'prefix') ?? '',
    agent: option(input, 'agent') ?? '',
    limit: wholeNumber('`--limit`', option(input, 'limit') ?? '1000', 1, 100_000),
  })
  terminal.table(answer.capabilities, COLUMNS, jsonOf(ListCapabilitiesResponseSchema, answer))
  if (terminal.output !== 'human') return 0
  if (answer.capabilities.length === 0) terminal.say('no running agent offers anything that matches')
  if (answer.capabilities.length < answer.total) terminal.say(`${answer.capabilities.length} of ${answer.total}; more with --limit`)
  return 0
}
