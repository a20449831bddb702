import type { Labels } from './observe.js'
import { token } from './token.js'

/** One series at the moment it was read. */
export interface MetricSample {
  readonly labels: Labels
  /** In the metric's unit. Of a counter: since the process started. Of a histogram: the sum of all values. */
  readonly value: number
}

/** One series of a histogram at the moment it was read. */
export interface HistogramSample extends MetricSample {
  /** Upper bounds of the buckets, ascending, in the metric's unit, without the last one, +Inf. */
  readonly bounds: readonly number[]
  /** Cumulative since the process started: one for each bound, and a last one for +Inf, which is the number of values. */
  readonly counts: readonly number[]
}

interface MetricFace {
  readonly name: string
  /** One sentence. */
  readonly help: string
  /** The labels that its series may have, as its part declared them, besides `overflow`. */
  readonly labelNames: readonly string[]
}

/** A metric that has one number in each series. */
export interface PlainMetric extends MetricFace {
  readonly type: 'counter' | 'gauge'
  /** None until something was counted or set. */
  readonly samples: readonly MetricSample[]
}

/** A metric that counts values by how large they are. */
export interface HistogramMetric extends MetricFace {
  readonly type: 'histogram'
  readonly samples: readonly HistogramSample[]
}

/** One metric with all its series at the moment it was read. */
export type MetricSnapshot = PlainMetric | HistogramMetric

/** For plugins that carry metrics elsewhere: every metric of this process, of the kernel and of all plugins. */
export interface MetricsReader {
  /**
   * Every metric whose name begins with `prefix`, by name. Runs what the parts gave to `Metrics.onCollect`, so it costs something: once
   * for each scrape or export, not for each message. At most 1,001 series a metric.
   */
  snapshot (prefix?: string): readonly MetricSnapshot[]
}

export const MetricsReaderToken = token<MetricsReader>('caxton/metrics-reader@1')
