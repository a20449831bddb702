import type { Clock, FinishedSpan, Tracer } from '../../kernel/contract/index.js'
import { KernelTracer } from '../../kernel/observability/kernel-tracer.js'
import { SpanBudget } from '../../kernel/observability/span-budget.js'
import { SpanClock } from '../../kernel/observability/span-clock.js'
import { SeededRandom } from './seeded-random.js'

/** A tracer that records every trace, in the given time. */
export function testTracer (clock: Clock, take: (span: FinishedSpan) => void, isSampled = true): Tracer {
  return new KernelTracer({
    random: new SeededRandom(1), clock: new SpanClock(clock), sampler: { decide: () => isSampled },
    budget: new SpanBudget({ spans_per_second: 1, spans_burst: 1_000_000 }, () => clock.elapsed()), take,
  })
}
