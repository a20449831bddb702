import { token } from './token.js'

/** Fields of a log line. Values under a name that means a secret are never written out. */
export type LogFields = Readonly<Record<string, unknown>>

/** Structured log. Never blocks, never throws. A plugin's logger carries its instance name. */
export interface Logger {
  debug (message: string, fields?: LogFields): void
  info (message: string, fields?: LogFields): void
  warn (message: string, fields?: LogFields): void
  error (message: string, fields?: LogFields): void
}

/** How well a part does. `detail` is one plain sentence for the operator; ready parts may leave it out. */
export interface Health {
  readonly state: 'ready' | 'degraded' | 'failed'
  readonly detail?: string
}

/** How the whole server does, asked anew each time. */
export interface ServerHealth {
  /** Whether new work should be sent here: started, not draining, nothing vital failed. */
  ready (): boolean
  /** The worst of all parts; its detail names those that are not ready. */
  overall (): Health
  parts (): ReadonlyArray<{ readonly name: string, readonly health: Health }>
}

/**
 * Label values of one series. Names must be few and values bounded: an agent's or conversation's id is never a label.
 */
export type Labels = Readonly<Record<string, string>>

export interface Counter {
  add (amount: number, labels?: Labels): void
}

export interface Gauge {
  set (value: number, labels?: Labels): void
}

export interface Histogram {
  /** Records a value, `times` times. */
  record (value: number, labels?: Labels, times?: number): void
}

/**
 * The metrics registry. Asking twice for one name gives the same instrument; asking with another type throws.
 * Names follow Prometheus: `caxton_<part>_<what>_<unit>`, counters end in `_total`, units are base units (seconds, bytes).
 * `labels` are the names of all labels that its series may have; the reference of metrics is made from them.
 */
export interface Metrics {
  counter (name: string, help: string, labels?: readonly string[]): Counter
  gauge (name: string, help: string, labels?: readonly string[]): Gauge
  /** `bounds` are the upper limits of the buckets, ascending, in the metric's unit. */
  histogram (name: string, help: string, bounds: readonly number[], labels?: readonly string[]): Histogram
  /** Called when somebody reads the metrics: the place to set gauges that cost something to compute. Must not block. */
  onCollect (collect: () => void): void
}

/** Position in a distributed trace, W3C Trace Context level 1 §3.2. */
export interface TraceContext {
  /** 32 lower-case hex digits, not all zero. */
  readonly traceId: string
  /** 16 lower-case hex digits, not all zero. */
  readonly spanId: string
  readonly sampled: boolean
}

export const MetricsToken = token<Metrics>('caxton/metrics@1')
export const ServerHealthToken = token<ServerHealth>('caxton/server-health@1')
