import { FUEL_EXPORT, START_EXPORT } from './module/export-section.js'

/** What the host calls in a guest. The preparer has checked the type of each. */
export interface GuestExports {
  readonly memory: WebAssembly.Memory
  readonly fuel: WebAssembly.Global<bigint>
  readonly alloc: (length: number) => number
  readonly handle: (pointer: number, length: number) => number
  /** The module's start function, which the rewriter turned into an export. */
  readonly begin: (() => void) | undefined
  readonly initialize: (() => void) | undefined
  readonly init: ((pointer: number, length: number) => number) | undefined
  readonly tick: ((timer: number) => number) | undefined
  readonly save: (() => bigint) | undefined
  readonly load: ((pointer: number, length: number, fromVersion: number) => number) | undefined
  readonly stop: (() => void) | undefined
}

/** Finds the exports of an instance; undefined when it was not made by the rewriter. */
export function guestExports ({ exports }: WebAssembly.Instance): GuestExports | undefined {
  const { memory, [FUEL_EXPORT]: fuel } = exports
  const alloc = exported<GuestExports['alloc']>(exports, 'caxton_alloc')
  const handle = exported<GuestExports['handle']>(exports, 'caxton_handle')
  if (!(memory instanceof WebAssembly.Memory) || !(fuel instanceof WebAssembly.Global)) return undefined
  if (!alloc || !handle) return undefined
  return {
    memory,
    fuel: fuel as WebAssembly.Global<bigint>,
    alloc,
    handle,
    begin: exported(exports, START_EXPORT),
    initialize: exported(exports, '_initialize'),
    init: exported(exports, 'caxton_init'),
    tick: exported(exports, 'caxton_tick'),
    save: exported(exports, 'caxton_save'),
    load: exported(exports, 'caxton_load'),
    stop: exported(exports, 'caxton_stop'),
  }
}

function exported<F extends WebAssembly.Callable> (exports: WebAssembly.Exports, name: string): F | undefined {
  const value = exports[name]
  return typeof value === 'function' ? value as F : undefined
}
