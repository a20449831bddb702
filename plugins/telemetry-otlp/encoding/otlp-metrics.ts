import type { HistogramSample, MetricSample, MetricSnapshot } from '../../../kernel/contract/index.js'
import { attributesOf, doubleOf, nanosecondsOf, type OtlpOrigin } from './otlp-values.js'

/** opentelemetry.proto.metrics.v1.AggregationTemporality */
const CUMULATIVE = 2

/** In UCUM, by the end of a metric's name. */
const UNITS: ReadonlyArray<readonly [ending: RegExp, unit: string]> =
  [[/_seconds(_total)?$/, 's'], [/_bytes(_total)?$/, 'By'], [/_ratio$/, '1']]

/** When metrics were read, and since when they count, in milliseconds since the Unix epoch. */
export interface MetricTimes {
  readonly start: number
  readonly now: number
}

/** An ExportMetricsServiceRequest in JSON. */
export function metricsRequest (metrics: readonly MetricSnapshot[], times: MetricTimes, { resource, scope }: OtlpOrigin): object {
  const withSamples = metrics.filter(({ samples }) => samples.length > 0)
  return { resourceMetrics: [{ resource, scopeMetrics: [{ scope, metrics: withSamples.map(metric => metricOf(metric, times)) }] }] }
}

function metricOf (metric: MetricSnapshot, times: MetricTimes): object {
  const { name, help } = metric
  const face = { name, description: help, unit: UNITS.find(([ending]) => ending.test(name))?.[1] ?? '' }
  switch (metric.type) {
    case 'gauge': return { ...face, gauge: { dataPoints: metric.samples.map(sample => pointOf(sample, times)) } }
    case 'counter': {
      const dataPoints = metric.samples.map(sample => pointOf(sample, times))
      return { ...face, sum: { dataPoints, aggregationTemporality: CUMULATIVE, isMonotonic: true } }
    }
    case 'histogram': {
      const dataPoints = metric.samples.map(sample => histogramOf(sample, times))
      return { ...face, histogram: { dataPoints, aggregationTemporality: CUMULATIVE } }
    }
  }
}

const pointOf = ({ labels, value }: MetricSample, times: MetricTimes): object => ({ ...headOf(labels, times), asDouble: doubleOf(value) })

function histogramOf ({ labels, value, bounds, counts }: HistogramSample, times: MetricTimes): object {
  return {
    ...headOf(labels, times),
    count: String(counts.at(-1) ?? 0),
    sum: doubleOf(value),
    // Ours are cumulative, theirs are not.
    bucketCounts: counts.map((count, index) => String(count - (counts[index - 1] ?? 0))),
    explicitBounds: [...bounds],
  }
}

const headOf = (labels: MetricSample['labels'], { start, now }: MetricTimes): object =>
  ({ attributes: attributesOf(labels), startTimeUnixNano: nanosecondsOf(start), timeUnixNano: nanosecondsOf(now) })
