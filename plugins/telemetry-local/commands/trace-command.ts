import { toJson } from '@bufbuild/protobuf'
import type { CommandContext, RunCommand } from '../../../kernel/contract/index.js'
import {
  ShowTraceResponseSchema, Traces, TraceSummarySchema, type ShowTraceResponse, type TraceSummary,
} from '../proto/caxton/v1/telemetry_pb.js'
import { clockText, timeText } from './moment-text.js'
import { optionOf } from './options.js'
import { rowsOf } from './trace-rows.js'

const LISTED = 20

/** `caxton trace` */
export const run: RunCommand = async context => {
  const id = context.input.arguments['id']?.[0]
  if (id === undefined) await list(context)
  else await show(context, id)
  return 0
}

async function list ({ input, words, terminal, connect, signal }: CommandContext): Promise<void> {
  const text = optionOf({ input }, 'last')
  const last = text === '' ? LISTED : words.wholeNumber('`--last`', text, 1, 1_000)
  const answer = await (await connect()).unary(Traces.method.list, { last }, signal)
  for (const trace of answer.traces) terminal.item(lineOf(trace), toJson(TraceSummarySchema, trace))
  if (answer.traces.length === 0) terminal.say('nothing is recorded yet')
}

/** No table: an id that is cut off is of no use. */
function lineOf ({ startedAt, endedAt, spans, failures, traceId, name }: TraceSummary): string {
  const [took, count] = [timeText(endedAt - startedAt).padStart(7), counted(spans, 'span').padStart(9)]
  const failed = failures === 0 ? '' : `  ${failures} failed`
  return `${clockText(startedAt)} ${took} ${count}  ${traceId}  ${name.replace(/^caxton\.v1\./, '')}${failed}`
}

async function show ({ input, terminal, connect, signal }: CommandContext, id: string): Promise<void> {
  const answer = await (await connect()).unary(Traces.method.show, { id }, signal)
  terminal.table(rowsOf(answer.spans), [
    { heading: 'AT', text: row => `${row.at < 10 ? row.at.toFixed(2) : row.at.toFixed(1)} ms`, right: true },
    { heading: 'DELIVERY', text: row => row.delivery === undefined ? '' : timeText(row.delivery), right: true },
    { heading: 'TOOK', text: row => row.took === undefined ? '' : timeText(row.took), right: true },
    { heading: 'NODE', text: row => row.node },
    { heading: 'WHAT', text: row => row.what },
  ], toJson(ShowTraceResponseSchema, answer))
  if (terminal.output === 'human' && input.options['attributes'] === true) {
    for (const { name, attributes } of answer.spans) {
      terminal.item('', {})
      terminal.record([['span', name], ...Object.entries(attributes)], {})
    }
  }
  terminal.say(summary(answer))
}

function summary ({ spans, cut, silent }: ShowTraceResponse): string {
  const traces = new Set(spans.map(({ traceId }) => traceId))
  const nodes = new Set(spans.map(({ node }) => node))
  const conversations = new Set(spans.flatMap(({ attributes }) => attributes['messaging.message.conversation_id'] ?? []))
  const failures = spans.filter(({ failure }) => failure !== '').length
  return [
    [...traces].map(trace => `trace ${trace}`).join(', '),
    ...conversations.size === 1 ? [`conversation ${[...conversations].join('')}`] : [],
    counted(spans.length, 'span'), counted(nodes.size, 'node'),
    ...failures === 0 ? [] : [`${failures} failed`],
    ...cut ? ['there is more'] : [],
    ...silent.length === 0 ? [] : [`no answer from ${silent.join(', ')}`],
  ].join(' · ')
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`
