import { defineError } from '../contract/index.js'

export const MetricNameInvalid = defineError({
  code: 'METRIC_NAME_INVALID',
  kind: 'internal',
  meaning: 'A part of the program asked for a metric whose name or buckets do not follow the rules.',
  remedy: 'Report it to the author of the plugin: names look like caxton_part_what_unit, counters end in _total.',
  sentence: (d: { name: string, because: string }) => `the metric "${d.name}" can't be registered: ${d.because}`,
})

export const MetricConflict = defineError({
  code: 'METRIC_CONFLICT',
  kind: 'internal',
  meaning: 'Two parts of the program want one metric name for different kinds of metric.',
  remedy: 'Report it to the author of the plugin that came second; a metric of its own needs a name of its own.',
  sentence: (d: { name: string, is: string, wanted: string }) =>
    `the metric "${d.name}" is a ${d.is} and can't be used as a ${d.wanted}`,
})

export const metricErrors = [MetricNameInvalid, MetricConflict]
