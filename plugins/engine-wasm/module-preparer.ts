import {
  HOST_CALLS, type CreatePreparer, type GuestLimits, type HostCall, type ModulePreparer, type PreparedModule,
} from '../../kernel/contract/in-shard.js'
import { setCompilerFlags } from './compiler-flags.js'
import { hooksOf } from './module/hooks.js'
import { rewriteModule, type RewrittenModule } from './module/module-rewriter.js'
import type { WasmArtefact } from './wasm-artefact.js'
import { InvalidWasm, WasmRewriteFailed } from './wasm-errors.js'
import { moduleLimits, readSettings, type WasmSettings } from './wasm-settings.js'

/** Checks, meters and compiles uploaded modules. */
export class WasmPreparer implements ModulePreparer {
  constructor (private readonly settings: WasmSettings) {}

  async prepare (bytes: Uint8Array, granted: readonly HostCall[], limits: GuestLimits, sound?: () => void): Promise<PreparedModule> {
    const rewritten = rewriteModule(bytes, { granted, limits: moduleLimits(this.settings, limits.memoryBytes) })
    // V8 refuses no more than operands of the wrong type from here on, and takes longer to compile than all before did.
    sound?.()
    const module = compile(rewritten, bytes)
    const imports = rewritten.index.imports.map(({ module, name }) => [module, name] as const)
    const hooks = hooksOf(rewritten.index).map(([hook]) => hook)
    const artefact: WasmArtefact = { module, imports, hooks }
    return {
      artefact,
      uses: HOST_CALLS.filter(call => rewritten.index.imports.some(imported => imported.host.grant === call)),
      keepsState: rewritten.index.exports.has('caxton_save'),
      codeBytes: rewritten.bytes.length,
    }
  }
}

/**
 * Compiles the output, in this thread and those that V8 adds: nothing else is done here meanwhile, and to be told when it is done takes a
 * third as long again. When V8 refuses it, the input tells why: its offsets are the ones that the author can look up.
 */
function compile (rewritten: RewrittenModule, uploaded: Uint8Array): WebAssembly.Module {
  try {
    return new WebAssembly.Module(rewritten.bytes)
  } catch (error) {
    const reason = refusal(uploaded)
    if (reason !== undefined) throw InvalidWasm(withOffset(reason), { cause: error })
    throw WasmRewriteFailed({ reason: messageOf(error) }, { cause: error })
  }
}

function refusal (uploaded: Uint8Array): string | undefined {
  try {
    new WebAssembly.Module(uploaded)
    return undefined
  } catch (error) {
    return messageOf(error)
  }
}

/** V8 writes `WebAssembly.Module(): what is wrong @+123`. */
function withOffset (message: string): { reason: string, offset?: number } {
  const found = /^(?:WebAssembly\.Module\(\): )?(.*?)(?: @\+(\d+))?$/s.exec(message)
  const reason = found?.[1] ?? message
  return found?.[2] === undefined ? { reason } : { reason, offset: Number(found[2]) }
}

const messageOf = (error: unknown): string => error instanceof Error ? error.message : String(error)

/** For the deploy worker. */
export const createPreparer: CreatePreparer = async settings => {
  setCompilerFlags()
  return new WasmPreparer(readSettings(settings))
}
