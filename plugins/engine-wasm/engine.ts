import { inject, injectable, PluginConfig, type AgentEngine, type ConfigOf } from '../../kernel/contract/index.js'
import type { engineConfig } from './engine-config.js'
import type { WasmSettings } from './wasm-settings.js'

/** Tells the kernel which modules its deploy worker and its shards import, and under which settings. */
@injectable()
export class WasmEngine implements AgentEngine {
  readonly preparerModule = new URL('./module-preparer.js', import.meta.url).href
  readonly factoryModule = new URL('./guest-factory.js', import.meta.url).href
  /** V8 would otherwise reserve 10 GiB of address space per instance, and the 13,051st would fail (measured). */
  readonly processFlags = ['--disable-wasm-trap-handler'] as const
  readonly settings: WasmSettings

  constructor (@inject(PluginConfig) config: ConfigOf<typeof engineConfig>) {
    this.settings = {
      moduleBytes: config.module_max_bytes,
      functionBytes: config.function_max_bytes,
      tableEntries: config.table_max_entries,
      logBytes: config.log_max_bytes,
    }
  }
}
