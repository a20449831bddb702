import assert from 'node:assert/strict'
import { getEventListeners } from 'node:events'
import { readdirSync, readlinkSync } from 'node:fs'
import type { Actor, Stage } from './stage.js'

/** What Node itself has open for a moment, and the streams of the process. */
const PASSING = new Set(['Immediate', 'TickObject', 'FSReqPromise', 'FSReqCallback', 'CloseReq', 'TTYWrap', 'PipeWrap', 'FileHandle',
  'GetAddrInfoReqWrap', 'WriteWrap', 'ShutdownWrap', 'DirHandle'])
/** What is open in this process. */
export class Leftovers {
  readonly #resources = openResources()
  readonly #listeners = listenersOfProcess()
  readonly #files = openFiles()

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
      ...more(this.#resources, openResources()), ...more(this.#listeners, listenersOfProcess()), ...more(this.#files, openFiles()),
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

const DESCRIPTORS = '/proc/self/fd'

/** Files that are open, by their paths, where the system tells. */
function openFiles (): Map<string, number> {
  const counts = new Map<string, number>()
  for (const path of descriptors()) counts.set(`open file ${path}`, (counts.get(`open file ${path}`) ?? 0) + 1)
  return counts
}

function descriptors (): string[] {
  try {
    return readdirSync(DESCRIPTORS).flatMap(descriptor => {
      try {
        const target = readlinkSync(`${DESCRIPTORS}/${descriptor}`)
        return /^\/(?!proc|dev)/.test(target) ? [target] : []
      } catch {
        // The one by which the list was read.
        return []
      }
    })
  } catch {
    return []
  }
}

function more (before: ReadonlyMap<string, number>, now: ReadonlyMap<string, number>): string[] {
  return [...now].flatMap(([name, count]) => {
    const added = count - (before.get(name) ?? 0)
    return added > 0 ? [`${added} × ${name}`] : []
  })
}
