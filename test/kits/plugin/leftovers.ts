import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import type { Actor, Stage } from './stage.js'

/** What Node itself has open for a moment, and the streams of the process. */
const PASSING = new Set(['Immediate', 'TickObject', 'FSReqPromise', 'FSReqCallback', 'CloseReq', 'TTYWrap', 'PipeWrap', 'FileHandle',
  'GetAddrInfoReqWrap', 'WriteWrap', 'ShutdownWrap', 'DirHandle'])
/** What is open in this process. */
export class Leftovers {
  readonly #resources = openResources()
  readonly #listeners = listenersOfProcess()

  /** Fails unless what is open now was open before, apart from what is just going. */
  async assertNone (stage: Stage, actors: readonly Actor[], after: string): Promise<void> {
    const end = Date.now() + stage.patience
    let left = this.#left(stage, actors)
    while (left.length > 0 && Date.now() < end) {
      await new Promise(resolve => { setImmediate(resolve) })
      left = this.#left(stage, actors)
    }
    assert.deepEqual(left, [], `it left something behind: ${after}`)
  }

  #left (stage: Stage, actors: readonly Actor[]): string[] {
    const signals = actors.flatMap(({ signals }) => signals)
    return [
      ...more(this.#resources, openResources()), ...more(this.#listeners, listenersOfProcess()),
      ...stage.timers > 0 ? [`${stage.timers} × timer of the clock`] : [],
      ...stage.ports.map(purpose => `port for ${purpose}`),
      ...signals.flatMap(signal => getEventListeners(signal, 'abort').length > 0 ? ['listener on a signal'] : []),
    ]
  }
}

function openResources (): Map<string, number> {
  const counts = new Map<string, number>()
  for (const name of process.getActiveResourcesInfo()) if (!PASSING.has(name)) counts.set(name, (counts.get(name) ?? 0) + 1)
  return counts
}

function listenersOfProcess (): Map<string, number> {
  return new Map(process.eventNames().map(name => [`listener of the process for ${String(name)}`, process.listenerCount(name)]))
}

function more (before: ReadonlyMap<string, number>, now: ReadonlyMap<string, number>): string[] {
  return [...now].flatMap(([name, count]) => {
    const added = count - (before.get(name) ?? 0)
    return added > 0 ? [`${added} × ${name}`] : []
  })
}
