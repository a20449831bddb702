import { configSchema, type ConfigOf } from '../../kernel/contract/index.js'

export const memoryStoreConfig = configSchema({
  max_size: {
    doc: 'Most bytes of keys and values that are kept; what would go beyond is refused.',
    format: 'bytes',
    default: '256MiB',
    min: 1024,
  },
})

export type MemoryStoreConfig = ConfigOf<typeof memoryStoreConfig>
