import { configSchema } from '../../contract/index.js'

/** What is recorded of traces. */
export const tracingSchema = configSchema({
  first: {
    doc: 'New traces of each second that each thread records in any case.', format: 'integer', default: 10, min: 0, max: 1_000_000,
  },
  sample_rate: {
    doc: 'Share of those beyond that are recorded, from 0 (none) to 1 (all). A trace that a caller began is recorded if the caller says '
      + 'so.',
    format: 'number', default: 0.01, min: 0, max: 1,
  },
  spans_per_second: {
    doc: 'Spans that each thread records in a second in the long run. 0: none, whatever is sampled.',
    format: 'integer', default: 50, min: 0, max: 1_000_000,
  },
  spans_burst: {
    doc: 'Spans that it records at once when there were few for a while.', format: 'integer', default: 1_000, min: 1, max: 1_000_000,
  },
})
