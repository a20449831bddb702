import type {
  Counter, Gauge, Histogram, HistogramSample, Labels, Metrics, MetricSample, MetricSnapshot, MetricsReader,
} from '../contract/index.js'
import { MetricConflict, MetricNameInvalid } from './metric-errors.js'
import { SeriesTable } from './series.js'

interface Instrument {
  readonly type: MetricSnapshot['type']
  snapshot (name: string): MetricSnapshot
}

const NAME = /^[a-z][a-z0-9_]{0,127}$/

/**
 * The metrics of this process. Every metric has a bounded number of label sets ({@link SeriesTable}), so a label that
 * turns out to be unbounded costs detail, not memory. Errors: `METRIC_NAME_INVALID`, `METRIC_CONFLICT`.
 */
export class MetricsRegistry implements Metrics, MetricsReader {
  private readonly instruments = new Map<string, Instrument>()
  /** Names of families and of samples, by the metric that writes them: no two may write the same. */
  private readonly written = new Map<string, string>()
  private readonly collectors: Array<() => void> = []

  counter (name: string, help: string, labels: readonly string[] = []): Counter {
    if (!name.endsWith('_total')) throw MetricNameInvalid({ name, because: 'a counter ends in _total' })
    return this.instrument(name, CounterInstrument, () => new CounterInstrument(help, labels))
  }

  gauge (name: string, help: string, labels: readonly string[] = []): Gauge {
    return this.instrument(name, GaugeInstrument, () => new GaugeInstrument(help, labels))
  }

  histogram (name: string, help: string, bounds: readonly number[], labels: readonly string[] = []): Histogram {
    const ascending = bounds.every((bound, i) => Number.isFinite(bound) && bound > (bounds[i - 1] ?? -Infinity))
    if (!ascending || bounds.length === 0) throw MetricNameInvalid({ name, because: 'its bounds do not ascend' })
    return this.instrument(name, HistogramInstrument, () => new HistogramInstrument(help, [...bounds], labels))
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
      .map(([name, metric]) => metric.snapshot(name))
  }

  private instrument<I extends Instrument> (name: string, kind: InstrumentClass<I>, make: () => I): I {
    const known = this.instruments.get(name)
    if (known instanceof kind) return known
    if (known !== undefined) throw MetricConflict({ name, is: known.type, wanted: make().type })
    if (!NAME.test(name)) throw MetricNameInvalid({ name, because: 'it takes only a-z, 0-9 and _' })
    const made = make()
    const names = writtenNames(name, made.type)
    const other = names.map(one => this.written.get(one)).find(one => one !== undefined)
    if (other !== undefined) throw MetricNameInvalid({ name, because: `Prometheus could not tell it from ${other}` })
    for (const one of names) this.written.set(one, name)
    this.instruments.set(name, made)
    return made
  }
}

type InstrumentClass<I extends Instrument> = abstract new (...parameters: never[]) => I

class CounterInstrument implements Counter, Instrument {
  readonly type = 'counter' as const
  private readonly table = new SeriesTable(() => ({ value: 0 }))

  constructor (private readonly help: string, private readonly labelNames: readonly string[]) {}

  add (amount: number, labels?: Labels): void {
    if (amount > 0) this.table.of(labels).value += amount
  }

  snapshot (name: string): MetricSnapshot {
    const { help, type, labelNames } = this
    if (labelNames.length === 0) this.table.beginBare()
    return { name, help, type, labelNames, samples: samplesOf(this.table) }
  }
}

class GaugeInstrument implements Gauge, Instrument {
  readonly type = 'gauge' as const
  private readonly table = new SeriesTable(() => ({ value: 0 }))

  constructor (private readonly help: string, private readonly labelNames: readonly string[]) {}

  set (value: number, labels?: Labels): void {
    this.table.of(labels).value = value
  }

  snapshot (name: string): MetricSnapshot {
    const { help, type, labelNames } = this
    return { name, help, type, labelNames, samples: samplesOf(this.table) }
  }
}

class HistogramInstrument implements Histogram, Instrument {
  readonly type = 'histogram' as const
  private readonly table: SeriesTable<{ sum: number, readonly buckets: number[] }>

  constructor (
    private readonly help: string, private readonly bounds: readonly number[], private readonly labelNames: readonly string[],
  ) {
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

  snapshot (name: string): MetricSnapshot {
    const { help, type, labelNames } = this
    if (labelNames.length === 0) this.table.beginBare()
    return { name, help, type, labelNames, samples: this.samples() }
  }

  private samples (): HistogramSample[] {
    return Array.from(this.table.all(), ({ labels, value }) => {
      let total = 0
      return { labels, value: value.sum, bounds: this.bounds, counts: value.buckets.map(count => total += count) }
    })
  }
}

/** The family of a metric and its samples, as Prometheus and OpenMetrics name them. */
function writtenNames (name: string, type: MetricSnapshot['type']): string[] {
  if (type === 'histogram') return ['', '_bucket', '_sum', '_count'].map(suffix => `${name}${suffix}`)
  return type === 'counter' ? [name, name.replace(/_total$/, '')] : [name]
}

function samplesOf (table: SeriesTable<{ readonly value: number }>): MetricSample[] {
  return Array.from(table.all(), ({ labels, value: { value } }) => ({ labels, value }))
}

function attempt (collect: () => void): void {
  try {
    collect()
  } catch {
    // A part that can't tell its state must not keep the operator from reading the others'.
  }
}
