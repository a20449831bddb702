import type { HookName } from './module/hooks.js'

/** A prepared module as it crosses threads: the compiled code is shared, not copied. */
export interface WasmArtefact {
  readonly module: WebAssembly.Module
  /** `[module, name]` of every function it imports. */
  readonly imports: ReadonlyArray<readonly [module: string, name: string]>
  /** The hooks it has. */
  readonly hooks: readonly HookName[]
}

/** Whether a value is what `prepare` made. */
export function isArtefact (value: unknown): value is WasmArtefact {
  return typeof value === 'object' && value !== null &&
    'module' in value && value.module instanceof WebAssembly.Module &&
    'imports' in value && Array.isArray(value.imports) &&
    'hooks' in value && Array.isArray(value.hooks)
}
