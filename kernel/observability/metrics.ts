import type { Counter, Gauge, Histogram, Labels, Metrics } from '../contract/index.js'
import { MetricConflict, MetricNameInvalid } from './metric-errors.js'
import { SeriesTable } from './series.js'

export type MetricType = 'counter' | 'gauge' | 'histogram'

/** One series at the moment of the snapshot. */
export interface MetricSample {
  readonly labels: Labels
  /** Of a histogram: the sum. */
  readonly value: number
  /** Of a histogram: upper bounds of the buckets, ascending, without the last one, +Inf. */
  readonly bounds?: readonly number[]
  /** Of a histogram: cumulative counts, one for each bound and a last one for +Inf, which is the number of values. */
  readonly counts?: readonly number[]
}

/** One metric at the moment of the snapshot. */
export interface MetricSnapshot {
  readonly name: string
  readonly help: string
  readonly type: MetricType
  readonly samples: readonly MetricSample[]
}

interface Instrument {
  readonly type: MetricType
  readonly help: string
  samples (): MetricSample[]
}

const NAME = /^[a-z][a-z0-9_]{0,127}$/

/**
 * The metrics of this process. Every metric has a bounded number of label sets ({@link SeriesTable}), so a label that
 * turns out to be unbounded costs detail, not memory. Errors: `METRIC_NAME_INVALID`, `METRIC_CONFLICT`.
 */
export class MetricsRegistry implements Metrics {
  private readonly instruments = new Map<string, Instrument>()
  private readonly collectors: Array<() => void> = []

  counter (name: string, help: string): Counter {
    if (!name.endsWith('_total')) throw MetricNameInvalid({ name, because: 'a counter ends in _total' })
    return this.instrument(name, CounterInstrument, () => new CounterInstrument(help))
  }

  gauge (name: string, help: string): Gauge {
    return this.instrument(name, GaugeInstrument, () => new GaugeInstrument(help))
  }

  histogram (name: string, help: string, bounds: readonly number[]): Histogram {
    const ascending = bounds.every((bound, i) => Number.isFinite(bound) && bound > (bounds[i - 1] ?? -Infinity))
    if (!ascending || bounds.length === 0) throw MetricNameInvalid({ name, because: 'its bounds do not ascend' })
    return this.instrument(name, HistogramInstrument, () => new HistogramInstrument(help, [...bounds]))
  }

  onCollect (collect: () => void): void {
    this.collectors.push(collect)
  }

  /**
   * Every metric whose name begins with `prefix`, by name. A collector that throws is left out, the others still run.
   */
  snapshot (prefix = ''): MetricSnapshot[] {
    for (const collect of this.collectors) attempt(collect)
    return [...this.instruments]
      .filter(([name]) => name.startsWith(prefix))
      .sort(([a], [b]) => a < b ? -1 : 1)
      .map(([name, metric]) => ({ name, help: metric.help, type: metric.type, samples: metric.samples() }))
  }

  private instrument<I extends Instrument> (name: string, kind: InstrumentClass<I>, make: () => I): I {
    const known = this.instruments.get(name)
    if (known instanceof kind) return known
    if (known !== undefined) throw MetricConflict({ name, is: known.type, wanted: make().type })
    if (!NAME.test(name)) throw MetricNameInvalid({ name, because: 'it takes only a-z, 0-9 and _' })
    const made = make()
    this.instruments.set(name, made)
    return made
  }
}

type InstrumentClass<I extends Instrument> = abstract new (...parameters: never[]) => I

class CounterInstrument implements Counter, Instrument {
  readonly type = 'counter'
  private readonly table = new SeriesTable(() => ({ value: 0 }))

  constructor (readonly help: string) {}

  add (amount: number, labels?: Labels): void {
    if (amount > 0) this.table.of(labels).value += amount
  }

  samples (): MetricSample[] {
    return Array.from(this.table.all(), ({ labels, value }) => ({ labels, value: value.value }))
  }
}

class GaugeInstrument implements Gauge, Instrument {
  readonly type = 'gauge'
  private readonly table = new SeriesTable(() => ({ value: 0 }))

  constructor (readonly help: string) {}

  set (value: number, labels?: Labels): void {
    this.table.of(labels).value = value
  }

  samples (): MetricSample[] {
    return Array.from(this.table.all(), ({ labels, value }) => ({ labels, value: value.value }))
  }
}

class HistogramInstrument implements Histogram, Instrument {
  readonly type = 'histogram'
  private readonly table: SeriesTable<{ sum: number, readonly buckets: number[] }>

  constructor (readonly help: string, private readonly bounds: readonly number[]) {
    this.table = new SeriesTable(() => ({ sum: 0, buckets: [0, ...bounds].fill(0) }))
  }

  record (value: number, labels?: Labels, times = 1): void {
    if (Number.isNaN(value) || !(times > 0)) return
    const series = this.table.of(labels)
    const fits = this.bounds.findIndex(bound => value <= bound)
    const bucket = fits < 0 ? this.bounds.length : fits
    series.buckets[bucket] = (series.buckets[bucket] ?? 0) + times
    series.sum += value * times
  }

  samples (): MetricSample[] {
    return Array.from(this.table.all(), ({ labels, value }) => {
      let total = 0
      return { labels, value: value.sum, bounds: this.bounds, counts: value.buckets.map(count => total += count) }
    })
  }
}

function attempt (collect: () => void): void {
  try {
    collect()
  } catch {
    // A part that can't tell its state must not keep the operator from reading the others'.
  }
}
