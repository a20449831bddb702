import { HOST_CALLS, type HostCall } from '../../../kernel/contract/index.js'
import { abortImport } from './abort-import.js'
import { caxtonImport } from './caxton-imports.js'
import type { GuestEnvironment, HostFunction } from './guest-environment.js'
import { wasiImport } from './wasi-imports.js'

/** Binds the functions that a module imports, and no others, to one guest. The preparer has checked every name. */
export function bindImports (
  names: ReadonlyArray<readonly [module: string, name: string]>, environment: GuestEnvironment,
): WebAssembly.Imports {
  const imports: Record<string, Record<string, HostFunction>> = {}
  for (const [module, name] of names) {
    const group = imports[module] ??= {}
    group[name] = bind(module, name, environment)
  }
  return imports
}

function bind (module: string, name: string, environment: GuestEnvironment): HostFunction {
  if (module === 'env') return abortImport(environment)
  return isHostCall(name) && module === 'caxton' ? caxtonImport(name, environment) : wasiImport(name, environment)
}

const isHostCall = (name: string): name is HostCall => (HOST_CALLS as readonly string[]).includes(name)
