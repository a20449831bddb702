import { HOST_CALLS, type HostCall } from '../../../kernel/contract/in-shard.js'
import { abortImport } from './abort-import.js'
import { caxtonImport } from './caxton-imports.js'
import type { GuestSeat, HostFunction } from './guest-seat.js'
import { wasiImport } from './wasi-imports.js'

/** Makes the functions that a module imports, and no others, for all its guests. The preparer has checked every name. */
export function bindImports (
  names: ReadonlyArray<readonly [module: string, name: string]>, seat: GuestSeat,
): WebAssembly.Imports {
  const imports: Record<string, Record<string, HostFunction>> = {}
  for (const [module, name] of names) {
    const group = imports[module] ??= {}
    group[name] = bind(module, name, seat)
  }
  return imports
}

function bind (module: string, name: string, seat: GuestSeat): HostFunction {
  if (module === 'env') return abortImport(seat)
  return isHostCall(name) && module === 'caxton' ? caxtonImport(name, seat) : wasiImport(name, seat)
}

const isHostCall = (name: string): name is HostCall => (HOST_CALLS as readonly string[]).includes(name)
