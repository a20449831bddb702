import { TraceSampler } from '../../kernel/observability/trace-sampler.js'

/** Records a share of the traces that are begun: 0 none, 1 all. */
export const samples = (rate: number): TraceSampler => new TraceSampler({ first: 0, rate }, () => 0)

/** Records nothing. */
export const NO_TRACING = { first: 0, sample_rate: 0, spans_per_second: 0, spans_burst: 1 } as const
