import {
  childOf, newTrace, type Attributes, type FinishedSpan, type Random, type Span, type SpanStart, type TraceContext, type Tracer,
} from '../contract/index.js'
import type { SpanBudget } from './span-budget.js'
import type { SpanClock } from './span-clock.js'
import type { TraceSampler } from './trace-sampler.js'

/** From this duration on a span is recorded in any case, in milliseconds. */
const SLOW = 1_000

/** What {@link KernelTracer} works with. */
export interface TracerParts {
  readonly random: Random
  readonly clock: SpanClock
  readonly sampler: Pick<TraceSampler, 'decide'>
  readonly budget: SpanBudget
  readonly take: (span: FinishedSpan) => void
}

/** Makes the spans of the main thread. */
export class KernelTracer implements Tracer {
  constructor (private readonly parts: TracerParts) {}

  start (name: string, { kind, parent, attributes = {} }: SpanStart): Span {
    const { random, sampler } = this.parts
    const context = parent === undefined ? newTrace(random, sampler.decide(random.fraction())) : childOf(parent, random)
    return new OpenSpan(this.parts, context, { name, kind, parentSpanId: parent?.spanId }, attributes)
  }
}

class OpenSpan implements Span {
  private readonly startedAt: number
  private ended = false

  constructor (
    private readonly parts: TracerParts,
    readonly context: TraceContext,
    private readonly what: { readonly name: string, readonly kind: SpanStart['kind'], readonly parentSpanId: string | undefined },
    private attributes: Attributes,
  ) {
    this.startedAt = parts.clock.now()
  }

  set (attributes: Attributes): void {
    if (!this.ended) this.attributes = { ...this.attributes, ...attributes }
  }

  end (failure?: string): void {
    if (this.ended) return
    this.ended = true
    const { startedAt, attributes, context: { traceId, spanId, sampled } } = this
    const { clock, budget, take } = this.parts
    const endedAt = clock.now()
    const isWanted = sampled || failure !== undefined || endedAt - startedAt >= SLOW
    if (!isWanted || !budget.take()) return
    const { name, kind, parentSpanId } = this.what
    take({
      traceId, spanId, name, kind, startedAt, endedAt, attributes,
      ...parentSpanId === undefined ? {} : { parentSpanId },
      ...failure === undefined ? {} : { failure },
    })
  }
}
