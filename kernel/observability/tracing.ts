import type { Clock, Logger, Metrics, Random, Tracer } from '../contract/index.js'
import { KernelTracer } from './kernel-tracer.js'
import { SpanBudget, type SpanAllowance } from './span-budget.js'
import { SpanClock } from './span-clock.js'
import { TelemetryHub } from './telemetry-hub.js'
import { TraceSampler } from './trace-sampler.js'

/** How much is recorded. */
export interface TracingRules extends SpanAllowance {
  readonly sample_rate: number
  readonly first: number
}

/** What records spans in the main thread. */
export interface Tracing {
  readonly sampler: TraceSampler
  readonly hub: TelemetryHub
  readonly tracer: Tracer
  readonly clock: SpanClock
  readonly budget: SpanBudget
  /** Counts spans that were not recorded because there were too many. */
  readonly dropped: (count: number) => void
}

export function tracing (rules: TracingRules, clock: Clock, random: Random, metrics: Metrics, log: Logger): Tracing {
  const hub = new TelemetryHub(metrics, log)
  const spanClock = new SpanClock(clock)
  const elapsed = (): number => clock.elapsed()
  const budget = new SpanBudget(rules, elapsed)
  const sampler = new TraceSampler({ first: rules.first, rate: rules.sample_rate }, elapsed)
  const lost = metrics.counter('caxton_spans_dropped_total', 'Spans that were not recorded because there were too many.')
  let counted = 0
  metrics.onCollect(() => {
    lost.add(budget.dropped - counted)
    counted = budget.dropped
  })
  return {
    hub, budget, sampler, clock: spanClock,
    tracer: new KernelTracer({ random, clock: spanClock, sampler, budget, take: span => { hub.span(span) } }),
    dropped: count => { lost.add(count) },
  }
}
