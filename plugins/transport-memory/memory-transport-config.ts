import { configSchema, type ConfigOf } from '../../kernel/contract/index.js'

export const memoryTransportConfig = configSchema({
  latency: {
    doc: 'How long a frame is under way.',
    format: 'duration',
    default: '0ms',
    min: 0,
    max: 60_000,
  },
  largest_frame: {
    doc: 'Most bytes of a frame.',
    format: 'bytes',
    default: '2MiB',
    min: 1024,
  },
  queue: {
    doc: 'Most bytes that a link holds until they are delivered.',
    format: 'bytes',
    default: '4MiB',
    min: 1024,
  },
})

export type MemoryTransportConfig = ConfigOf<typeof memoryTransportConfig>
