import { setTimeout as pause } from 'node:timers/promises'
import { HOST_CALLS } from '../../kernel/contract/index.js'
import { setCompilerFlags } from '../../plugins/engine-wasm/compiler-flags.js'
import { rewriteModule } from '../../plugins/engine-wasm/module/module-rewriter.js'
import { WasmPreparer } from '../../plugins/engine-wasm/module-preparer.js'
import { isArtefact } from '../../plugins/engine-wasm/wasm-artefact.js'
import { DEFAULT_SETTINGS, moduleLimits } from '../../plugins/engine-wasm/wasm-settings.js'
import { median } from './baselines.js'
import { asUnseen } from './unseen-module.js'

const INSTANCES = 500
const COMPILATIONS = 100
/** As a shard sleeps between its agents: what was in the caches of its core is there no more. */
const PAUSE = 2
const LIMITS = { memoryBytes: 16 << 20, fuelPerMessage: 2_000_000, fuelPerStart: 100_000_000, messageBytes: 65_536 }

/** Median time, in seconds, that V8 by itself takes to instantiate a prepared module, whose imports do nothing; nothing of it runs. */
export async function bareInstance (code: Uint8Array): Promise<number> {
  setCompilerFlags()
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

/** Median time, in milliseconds, that V8 by itself takes to compile a rewritten module whole, as the deploying thread has it do. */
export async function bareCompilation (code: Uint8Array): Promise<number> {
  setCompilerFlags()
  const options = { granted: HOST_CALLS, limits: moduleLimits(DEFAULT_SETTINGS, LIMITS.memoryBytes) }
  const times: number[] = []
  for (let serial = 0; serial < COMPILATIONS; serial++) {
    const { bytes } = rewriteModule(asUnseen(code, serial), options)
    await pause(PAUSE)
    const began = performance.now()
    await WebAssembly.compile(bytes)
    times.push(performance.now() - began)
  }
  return median(times)
}
