import { FUEL_EXPORT, HOOK_EXPORT } from './module/export-section.js'

/** What the host uses of a guest. The preparer has checked the type of each. */
export interface GuestExports {
  readonly memory: WebAssembly.Memory
  readonly fuel: WebAssembly.Global<bigint>
  readonly alloc: (length: number) => number
  readonly handle: (pointer: number, length: number) => number
  /** Enters a hook; one that the module does not have answers 0. */
  readonly hook: (hook: number, a: number, b: number, c: number) => bigint
}

/** Finds the exports of an instance; undefined when it was not made by the rewriter. */
export function guestExports ({ exports }: WebAssembly.Instance): GuestExports | undefined {
  const { memory, [FUEL_EXPORT]: fuel } = exports
  const alloc = exported<GuestExports['alloc']>(exports, 'caxton_alloc')
  const handle = exported<GuestExports['handle']>(exports, 'caxton_handle')
  const hook = exported<GuestExports['hook']>(exports, HOOK_EXPORT)
  if (!(memory instanceof WebAssembly.Memory) || !(fuel instanceof WebAssembly.Global)) return undefined
  if (!alloc || !handle || !hook) return undefined
  return { memory, fuel: fuel as WebAssembly.Global<bigint>, alloc, handle, hook }
}

function exported<F extends WebAssembly.Callable> (exports: WebAssembly.Exports, name: string): F | undefined {
  const value = exports[name]
  return typeof value === 'function' ? value as F : undefined
}
