import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { median } from './baselines.js'
import type { CrowdAnswer, CrowdOrder } from './gossip-crowd.js'
import { milliseconds, type Row } from './row.js'

const NODES = 100
/** They share this process, and not one event loop: who is late because of the others would accuse nobody. */
const THREADS = 2
const CRASHES = 3
const QUIET = 5_000
const DETECTION = 4_500
const LOOPBACK = /^ *lo: *(\d+)/m

const row = (what: string, actual: string): Row =>
  ({ what: `${NODES} nodes on UDP in one process: ${what}`, target: '', actual, ratio: '', pass: undefined })

/**
 * Membership of many nodes in this process, on real UDP: how fast all see all, and see that one died; what it costs at rest. They need
 * most of two cores for some seconds after each: on a busy machine a row says what did not come about, and the rest is left out.
 */
export async function gossipNodes (): Promise<Row[]> {
  const crowds = Array.from({ length: THREADS }, () => new Worker(new URL('./gossip-crowd.js', import.meta.url)))
  const rows: Row[] = []
  try {
    rows.push(row(`all see all, when ${NODES - 1} join at once`, milliseconds(await join(crowds))))
    await told(crowds, { act: 'be-calm' })
    rows.push(...await atRest(), ...await detections(crowds))
  } catch (error) {
    rows.push({ ...row('left off', error instanceof Error ? error.message : String(error)), pass: false })
  } finally {
    await Promise.all(crowds.map(crowd => crowd.terminate()))
  }
  return rows
}

/** Milliseconds until all see all, when all others join at once through the first. */
async function join (crowds: readonly Worker[]): Promise<number> {
  const [first] = crowds
  if (first === undefined) throw new Error('there is no thread')
  const { seed } = await tell(first, { act: 'join', from: 0, count: 1, seeds: [] })
  const began = performance.now()
  const each = NODES / crowds.length
  await Promise.all(crowds.map((crowd, index) => {
    const from = Math.max(1, index * each)
    return tell(crowd, { act: 'join', from, count: (index + 1) * each - from, seeds: [seed] })
  }))
  await told(crowds, { act: 'see-alive', count: NODES })
  return performance.now() - began
}

async function atRest (): Promise<Row[]> {
  await pause(QUIET)
  const [began, sent, usage] = [performance.now(), loopbackBytes(), process.cpuUsage()]
  await pause(QUIET)
  const seconds = (performance.now() - began) / 1e3
  const { user, system } = process.cpuUsage(usage)
  const [bytes, processor] = [(loopbackBytes() - sent) / seconds / NODES, (user + system) / 1e6 / seconds / NODES]
  return [
    row('over loopback for each at rest, other programs included', `${Math.round(bytes)} B/s`),
    row('processor time of each at rest', `${(processor * 100).toFixed(2)} % of a core`),
  ]
}

async function detections (crowds: readonly Worker[]): Promise<Row[]> {
  const times: number[] = []
  for (let crash = 1; crash <= CRASHES; crash++) {
    times.push(await detection(crowds, `node-${crash}`))
    await told(crowds, { act: 'be-calm' })
  }
  const wronged = (await told(crowds, { act: 'stop' })).reduce((sum, answer) => sum + answer.wronged, 0)
  const slowest = Math.max(...times)
  return [
    {
      ...row(`a crash is known to all, slowest of ${CRASHES}`, `${milliseconds(slowest)}, median ${milliseconds(median(times))}`),
      target: `≤ ${milliseconds(DETECTION)}`, pass: slowest <= DETECTION,
    },
    { ...row('times that one that lives was taken for dead', String(wronged)), target: '0', pass: wronged === 0 },
  ]
}

/** Ends a node without a word; milliseconds until all others know. */
async function detection (crowds: readonly Worker[], nodeId: string): Promise<number> {
  await told(crowds, { act: 'crash', nodeId })
  const began = performance.now()
  await told(crowds, { act: 'see-gone', nodeId })
  return performance.now() - began
}

const told = (crowds: readonly Worker[], order: CrowdOrder): Promise<CrowdAnswer[]> => Promise.all(crowds.map(crowd => tell(crowd, order)))

async function tell (crowd: Worker, order: CrowdOrder): Promise<CrowdAnswer> {
  crowd.postMessage(order)
  const [answer] = await once(crowd, 'message') as [CrowdAnswer]
  if (answer.error !== undefined) throw new Error(answer.error)
  return answer
}

const loopbackBytes = (): number => Number(LOOPBACK.exec(readFileSync('/proc/net/dev', 'utf8'))?.[1] ?? Number.NaN)
