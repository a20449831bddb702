import { setFlagsFromString } from 'node:v8'

/**
 * Has V8 compile modules, in all threads of the process, as agents need it: eagerly, so that the first message of an agent does not
 * wait for the compiler, and without counting which functions call which: for that, V8 would keep 2.7 KB of counters in every
 * instance (decision 0023).
 */
export function setCompilerFlags (): void {
  setFlagsFromString('--no-wasm-lazy-compilation')
  setFlagsFromString('--no-wasm-inlining')
}
