import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/** Bytes that this process holds, its garbage collected first: what is resident depends on when the collector last had time. */
export function memoryInUse (): number {
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** What nobody refers to is gone afterwards. */
export function collectGarbage (): void {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  // What the first collection finds is freed beside it, and is gone when the second begins.
  for (let times = 0; times < 2; times++) if (typeof collect === 'function') Reflect.apply(collect, undefined, [])
}
