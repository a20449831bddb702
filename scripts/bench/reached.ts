import { setTimeout as pause } from 'node:timers/promises'

const INTERVAL = 20
/** A bench that waits longer than this for a figure to move waits in vain. */
const STANDSTILL = 20_000

/** Resolves when a figure of the server has reached a value; rejects when it does not move any more. `interval`: milliseconds. */
export async function reached (wanted: number, read: () => Promise<number>, interval = INTERVAL): Promise<void> {
  let [seen, since] = [-Infinity, performance.now()]
  for (;;) {
    const figure = await read()
    if (figure >= wanted) return
    if (figure > seen) [seen, since] = [figure, performance.now()]
    if (performance.now() - since > STANDSTILL) throw new Error(`stands still at ${figure}, where ${wanted} were expected`)
    await pause(interval)
  }
}
