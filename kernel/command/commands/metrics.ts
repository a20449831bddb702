import type { Column, RunCommand } from '../../contract/command.js'
import { MetricsResponseSchema, Server, type Metric, type Sample } from '../../contract/proto/caxton/v1/server_pb.js'
import { jsonOf } from './answer-data.js'
import { argument } from './input-words.js'
import { askServer } from './server-call.js'

interface Row {
  readonly metric: Metric
  readonly sample: Sample
}

/** `caxton metrics` */
export const run: RunCommand = async context => {
  const prefix = argument(context.input, 'PREFIX')
  const answer = await askServer(context, Server.method.metrics, { prefix })
  const rows = answer.metrics.flatMap(metric => metric.samples.map(sample => ({ metric, sample })))
  context.terminal.table(rows, COLUMNS, jsonOf(MetricsResponseSchema, answer))
  if (rows.length === 0 && context.terminal.output === 'human') context.terminal.say('no metrics')
  return 0
}

const COLUMNS: ReadonlyArray<Column<Row>> = [
  { heading: 'METRIC', text: ({ metric }) => metric.name },
  { heading: 'LABELS', text: labelsText },
  { heading: 'VALUE', text: valueText, right: true },
]

function labelsText ({ sample }: Row): string {
  return Object.entries(sample.labels).map(([name, value]) => `${name}=${value}`).join(' ')
}

function valueText ({ metric, sample }: Row): string {
  return metric.type === 'histogram' ? histogramText(sample) : String(sample.value)
}

/** `812 samples, mean 0.25, p50 ≤ 0.1, p99 ≤ 1`: a percentile is the upper bound of its bucket. */
export function histogramText (sample: Sample): string {
  const count = Number(sample.counts.at(-1) ?? 0n)
  if (count === 0) return '0 samples'
  const percentile = (share: number): string => {
    const bucket = sample.counts.findIndex(cumulative => Number(cumulative) >= share * count)
    const bound = sample.bounds[bucket] ?? Infinity
    return Number.isFinite(bound) ? `≤ ${bound}` : `> ${sample.bounds.filter(Number.isFinite).at(-1) ?? 0}`
  }
  const mean = Number((sample.value / count).toPrecision(3))
  return `${count} samples, mean ${mean}, p50 ${percentile(0.5)}, p99 ${percentile(0.99)}`
}
