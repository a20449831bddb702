// A root hook: fails a run whose tests leave child processes, threads or open ports behind, and names the file.
import { setTimeout as pause } from 'node:timers/promises'

const PATIENCE = 2000

/** The resources that nobody may leave behind, as Node names them, and what they are. */
const WATCHED = new Map([
  ['ProcessWrap', 'child process'], ['TCPServerWrap', 'listening port'], ['PipeServerWrap', 'listening pipe'],
  ['UDPWrap', 'UDP socket'], ['WorkerWrap', 'worker thread'], ['Worker', 'worker thread'],
])

/** How many of each watched resource are open: `Map(['ProcessWrap', 1])`. */
export function openResources (names = process.getActiveResourcesInfo()) {
  const counts = new Map()
  for (const name of names) if (WATCHED.has(name)) counts.set(name, (counts.get(name) ?? 0) + 1)
  return counts
}

/** What is open now and was not before, in words: `2 × listening port`. */
export function newResources (before, now) {
  return [...now].flatMap(([name, count]) => {
    const more = count - (before.get(name) ?? 0)
    return more > 0 ? [`${more} × ${WATCHED.get(name)}`] : []
  })
}

/** Process ids, programs and ports, where Node will tell. */
function details () {
  return process._getActiveHandles().flatMap(handle => {
    if (handle.spawnargs !== undefined) return [`process ${handle.pid}: ${handle.spawnargs.join(' ')}`]
    const address = typeof handle.address === 'function' && handle.listening === true ? handle.address() : undefined
    return address === undefined || address === null ? [] : [`listening on ${address.port ?? address}`]
  })
}

/** Waits a moment for what is being closed, then says what is still open. */
async function settle (before) {
  const deadline = Date.now() + PATIENCE
  for (;;) {
    const left = newResources(before, openResources())
    if (left.length === 0 || Date.now() > deadline) return left
    await pause(20)
  }
}

/** Adds to each suite of the top level a last hook, which runs when the suite has cleaned up after itself. */
function watch (suites) {
  let before = openResources()
  for (const suite of suites) {
    suite.afterAll('leaves nothing behind', async function () {
      this.timeout(PATIENCE + 3000)
      const left = await settle(before)
      if (left.length === 0) return
      const what = [left.join(', '), ...details()].join('; ')
      before = openResources()
      throw new Error(`${suite.file ?? suite.title} left something behind: ${what}. ` +
        'Close it in a hook of that file, and wait until it is closed.')
    })
  }
}

export const mochaHooks = {
  beforeAll () {
    watch(this.test.parent.suites)
  },
}
