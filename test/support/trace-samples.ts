import { TraceSampler } from '../../kernel/observability/trace-sampler.js'

/** Records a share of the traces that are begun: 0 none, 1 all. */
export const samples = (rate: number): TraceSampler => new TraceSampler({ first: 0, rate }, () => 0)
