import { configSchema, type ConfigOf } from '../../kernel/contract/index.js'

const SECOND = 1000
const DAY = 24 * 60 * 60 * SECOND
const MIB = 1024 * 1024
const GIB = 1024 * MIB

export const telemetryLocalConfig = configSchema({
  keep_for: { doc: 'How long spans, lines and metrics are kept.', format: 'duration', default: '24h', min: 60 * SECOND, max: 90 * DAY },
  spans_size: {
    doc: 'Bytes of spans that are kept at most; the oldest go first.', format: 'bytes', default: '64MiB', min: MIB, max: 64 * GIB,
  },
  logs_size: { doc: 'Bytes of lines of the log that are kept at most.', format: 'bytes', default: '32MiB', min: MIB, max: 64 * GIB },
  metrics_size: { doc: 'Bytes of readings of metrics that are kept at most.', format: 'bytes', default: '16MiB', min: MIB, max: 64 * GIB },
  metrics_interval: {
    doc: 'How often all metrics are read and kept. 0: never.', format: 'duration', default: '30s', min: 0, max: DAY,
  },
  flush_interval: {
    doc: 'How much of the latest a crash may cost: what has gathered is written this often.',
    format: 'duration', default: '1s', min: 10, max: 60 * SECOND,
  },
  peer_timeout: {
    doc: 'How long other nodes have to say what they know of a trace.', format: 'duration', default: '3s', min: 10, max: 60 * SECOND,
  },
})

export type TelemetryLocalConfig = ConfigOf<typeof telemetryLocalConfig>
