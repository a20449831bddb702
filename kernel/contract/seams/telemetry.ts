import type { LogFields, TraceContext } from '../observe.js'
import { token, tokenMany } from '../token.js'

/** What is known of a span. Names and meanings follow the semantic conventions of OpenTelemetry where these have one. */
export type Attributes = Readonly<Record<string, string | number | boolean>>

/**
 * What a span is to others: `server` and `client` are the two sides of a call, `producer` and `consumer` those of a message,
 * `internal` is neither (OpenTelemetry, Trace API, SpanKind).
 */
export type SpanKind = 'internal' | 'server' | 'client' | 'producer' | 'consumer'

/** Something that took place, with its beginning and its end. */
export interface FinishedSpan {
  /** 32 lower-case hex digits. */
  readonly traceId: string
  /** 16 lower-case hex digits. */
  readonly spanId: string
  /** The span that brought it about; the first of a trace has none. */
  readonly parentSpanId?: string
  readonly name: string
  readonly kind: SpanKind
  /** Milliseconds since the Unix epoch, with fractions. */
  readonly startedAt: number
  readonly endedAt: number
  readonly attributes: Attributes
  /** Why it failed: an error's code. Absent when it did not. */
  readonly failure?: string
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/** One line as it was logged, without secrets. A field `trace` is the id of the trace in which it was written. */
export interface LogLine {
  /** Milliseconds since the Unix epoch. */
  readonly at: number
  readonly level: LogLevel
  /** Instance name of the plugin, or the part of the kernel. */
  readonly part: string
  readonly message: string
  readonly fields: LogFields
}

/**
 * Who gets to know what happens in this server: every span that is recorded, every line of the log. Called in the main thread, one by
 * one, as they happen; what happened before the plugin had started comes first, as far as it was kept. Must return at once: whoever
 * writes or sends it keeps a queue with a bound, and counts what does not fit. Metrics are read by whoever wants them.
 */
export interface Telemetry {
  span? (span: FinishedSpan): void
  line? (line: LogLine): void
}

/** How a span begins. */
export interface SpanStart {
  readonly kind: SpanKind
  /** What brings it about. Without one a trace begins, and it is decided whether that is recorded. */
  readonly parent?: TraceContext | undefined
  readonly attributes?: Attributes
}

/** A span that has begun. */
export interface Span {
  /** To be handed on to whatever the span brings about. */
  readonly context: TraceContext
  /** Adds to what is known of it. Later values of a name replace earlier ones. */
  set (attributes: Attributes): void
  /** Ends it, the first time it is called. `failure`: the error's code, if it failed. */
  end (failure?: string): void
}

/**
 * Makes spans. One that belongs to a trace which is not recorded costs next to nothing and leaves no mark, unless it failed or took
 * longer than a second: that is recorded in any case.
 */
export interface Tracer {
  start (name: string, start: SpanStart): Span
}

export const Telemetries = tokenMany<Telemetry>('caxton/telemetry@1')
export const TracerToken = token<Tracer>('caxton/tracer@1')
