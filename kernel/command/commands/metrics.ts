import type { RunCommand } from '../../contract/command.js'
import { MetricsResponseSchema, Server, type Metric, type Sample } from '../../contract/proto/caxton/v1/server_pb.js'
import { quantileBound } from '../../observability/quantile.js'
import { jsonOf } from './answer-data.js'
import { argument } from './input-words.js'
import { askServer } from './server-call.js'

/** `caxton metrics` */
export const run: RunCommand = async context => {
  const prefix = argument(context.input, 'PREFIX')
  const answer = await askServer(context, Server.method.metrics, { prefix })
  const { terminal } = context
  if (terminal.output !== 'human') {
    terminal.table([], [], jsonOf(MetricsResponseSchema, answer))
    return 0
  }
  // Lines and no table: names and labels are long, and cut off they would say nothing.
  const lines = answer.metrics.flatMap(metric => metric.samples.map(sample => lineOf(metric, sample)))
  for (const line of lines) terminal.item(line, {})
  if (lines.length === 0) terminal.say('no metrics')
  return 0
}

/** `caxton_operations_total{operation=caxton.v1.Agents/List}  5` */
function lineOf ({ name, type }: Metric, sample: Sample): string {
  const labels = Object.entries(sample.labels).map(([label, value]) => `${label}=${value}`).join(', ')
  const value = type === 'histogram' ? histogramText(sample) : String(sample.value)
  return `${name}${labels === '' ? '' : `{${labels}}`}  ${value}`
}

/** `812 samples, mean 0.25, p50 ≤ 0.1, p99 ≤ 1`: a percentile is the upper bound of its bucket. */
export function histogramText (sample: Sample): string {
  const count = Number(sample.counts.at(-1) ?? 0n)
  if (count === 0) return '0 samples'
  const percentile = (share: number): string => {
    const bound = quantileBound(sample.bounds, sample.counts.map(Number), share)
    return Number.isFinite(bound) ? `≤ ${bound}` : `> ${sample.bounds.filter(Number.isFinite).at(-1) ?? 0}`
  }
  const mean = Number((sample.value / count).toPrecision(3))
  return `${count} samples, mean ${mean}, p50 ${percentile(0.5)}, p99 ${percentile(0.99)}`
}
