import { setTimeout } from 'node:timers/promises'

const INTERVAL = 5

/** Waits for something that real threads and processes bring about; fails after `milliseconds`. */
export async function until (holds: () => boolean | Promise<boolean>, milliseconds = 10_000): Promise<void> {
  const end = performance.now() + milliseconds
  while (!await holds()) {
    if (performance.now() > end) throw new Error(`did not come about within ${milliseconds} ms: ${String(holds)}`)
    await setTimeout(INTERVAL)
  }
}
