import { toJson } from '@bufbuild/protobuf'
import type { RunCommand } from '../../../kernel/contract/index.js'
import { MetricsHistory, ReadMetricsHistoryResponseSchema, type MetricReading } from '../proto/caxton/v1/telemetry_pb.js'
import { momentText } from './moment-text.js'
import { sinceOf } from './options.js'

const HOUR = 60 * 60 * 1000

/** `caxton metrics-history` */
export const run: RunCommand = async context => {
  const { terminal, clock, signal } = context
  const name = context.input.arguments['name']?.[0] ?? ''
  const since = sinceOf(context) || clock.now() - HOUR
  const answer = await (await context.connect()).unary(MetricsHistory.method.read, { name, since: BigInt(Math.trunc(since)) }, signal)
  terminal.table(answer.readings, [
    { heading: 'TIME', text: reading => momentText(Number(reading.at), clock.now()) },
    { heading: 'VALUE', text: valueText, right: true },
    { heading: 'LABELS', text: ({ labels }) => Object.entries(labels).map(([label, value]) => `${label}=${value}`).join(', ') },
  ], toJson(ReadMetricsHistoryResponseSchema, answer))
  if (answer.readings.length === 0) terminal.say(`nothing is kept of "${name}" in that time`)
  return 0
}

/** `812`, or of a histogram `812 values, mean 0.25`. */
function valueText ({ value, count }: MetricReading): string {
  return count === 0 ? String(value) : `${count} values, mean ${Number((value / count).toPrecision(3))}`
}
