import { configSchema } from '../../kernel/contract/index.js'

/** What the operator may set in `[plugins.engine-wasm]`. */
export const engineConfig = configSchema({
  module_max_bytes: {
    doc: 'Largest module that the engine takes, whatever `agents.module_size` allows; that is the key to set.',
    format: 'bytes', default: '64MiB', min: 65_536, max: 67_108_864,
  },
  function_max_bytes: {
    doc: 'Largest function in a module; the compiler can not be interrupted within one.',
    format: 'bytes', default: '256KiB', min: 4_096, max: 4_194_304,
  },
  table_max_entries: {
    doc: 'Most entries of each function table.', format: 'integer', default: 16_384, min: 0, max: 1_000_000,
  },
  log_max_bytes: {
    doc: 'Longest line that an agent may write to its log; the rest is cut off.',
    format: 'bytes', default: '4KiB', min: 256, max: 65_536,
  },
})
