import { setTimeout as pause } from 'node:timers/promises'
import { HOST_CALLS } from '../../kernel/contract/index.js'
import { WasmPreparer } from '../../plugins/engine-wasm/module-preparer.js'
import { isArtefact } from '../../plugins/engine-wasm/wasm-artefact.js'
import { DEFAULT_SETTINGS } from '../../plugins/engine-wasm/wasm-settings.js'
import { median } from './baselines.js'

const INSTANCES = 500
/** As a shard sleeps between its agents: what was in the caches of its core is there no more. */
const PAUSE = 2
const LIMITS = { memoryBytes: 16 << 20, fuelPerMessage: 2_000_000, fuelPerStart: 100_000_000, messageBytes: 65_536 }

/** Median time, in seconds, that V8 by itself takes to instantiate a prepared module, whose imports do nothing; nothing of it runs. */
export async function bareInstance (code: Uint8Array): Promise<number> {
  const { artefact } = await new WasmPreparer(DEFAULT_SETTINGS).prepare(code, HOST_CALLS, LIMITS)
  if (!isArtefact(artefact)) throw new TypeError('this engine prepares something else')
  const imports: Record<string, Record<string, () => number>> = {}
  for (const [module, name] of artefact.imports) (imports[module] ??= {})[name] = () => 0
  const kept: WebAssembly.Instance[] = []
  const times: number[] = []
  while (kept.length < INSTANCES) {
    await pause(PAUSE)
    const began = performance.now()
    kept.push(new WebAssembly.Instance(artefact.module, imports))
    times.push(performance.now() - began)
  }
  return median(times) / 1e3
}
