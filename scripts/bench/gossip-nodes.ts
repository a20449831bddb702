import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { socketNode, type SocketNode } from '../../test/support/cluster-swim/socket-node.js'
import { median } from './baselines.js'
import { milliseconds, type Row } from './row.js'

/** With a hundred the one event loop that they share is late too often for anybody to be accused; the simulator has those. */
const NODES = 64
/** Nodes that join at once: with more, one event loop for all of them would be late, and live nodes would look silent. */
const AT_ONCE = 20
const CRASHES = 5
const QUIET = 10_000
const PATIENCE = 60_000
const DETECTION = 4_500
const LOOPBACK = /^ *lo: *(\d+)/m

const row = (what: string, actual: string): Row =>
  ({ what: `${NODES} nodes on UDP in one process: ${what}`, target: '', actual, ratio: '', pass: undefined })

/** Membership of many nodes in this process, on real UDP: how fast all see all, and see that one died; what it costs at rest. */
export async function gossipNodes (): Promise<Row[]> {
  const nodes: SocketNode[] = []
  try {
    const joined = await join(nodes)
    const { bytes, processor } = await atRest()
    const detections: number[] = []
    for (let crash = 0; crash < CRASHES; crash++) detections.push(await detection(nodes))
    const slowest = Math.max(...detections)
    return [
      row(`all see all, joining ${AT_ONCE} at a time`, milliseconds(joined)),
      {
        ...row(`a crash is known to all, slowest of ${CRASHES}`, `${milliseconds(slowest)}, median ${milliseconds(median(detections))}`),
        target: `≤ ${milliseconds(DETECTION)}`, pass: slowest <= DETECTION,
      },
      row('sent by each at rest', `${Math.round(bytes / NODES)} B/s`),
      row('processor time of each at rest', `${(processor / NODES * 100).toFixed(2)} % of a core`),
    ]
  } finally {
    await Promise.all(nodes.map(({ swim }) => swim.stop()))
  }
}

/** Milliseconds until all see all, with a few joining at once. */
async function join (nodes: SocketNode[]): Promise<number> {
  const began = performance.now()
  const first = await socketNode('node-0')
  nodes.push(first)
  while (nodes.length < NODES) {
    const count = Math.min(AT_ONCE, NODES - nodes.length)
    const from = nodes.length
    const joining = Array.from({ length: count }, (_, index) => socketNode(`node-${from + index}`, { seeds: [first.seed] }))
    nodes.push(...await Promise.all(joining))
    await reached(() => nodes.every(({ swim }) => living(swim.members()) === nodes.length))
  }
  return performance.now() - began
}

async function atRest (): Promise<{ readonly bytes: number, readonly processor: number }> {
  await pause(QUIET)
  const [began, sent, usage] = [performance.now(), loopbackBytes(), process.cpuUsage()]
  await pause(QUIET)
  const seconds = (performance.now() - began) / 1e3
  const { user, system } = process.cpuUsage(usage)
  return { bytes: (loopbackBytes() - sent) / seconds, processor: (user + system) / 1e6 / seconds }
}

/** Ends the newest node without a word; milliseconds until all others know. */
async function detection (nodes: SocketNode[]): Promise<number> {
  const victim = nodes.pop()
  if (victim === undefined) throw new Error('there is no node left')
  const { nodeId } = victim.swim.self()
  await victim.swim.stop()
  const began = performance.now()
  await reached(() => nodes.every(({ swim }) => swim.member(nodeId)?.state !== 'alive' && swim.member(nodeId)?.state !== 'suspect'))
  return performance.now() - began
}

const living = (members: ReturnType<SocketNode['swim']['members']>): number => members.filter(({ state }) => state === 'alive').length

const loopbackBytes = (): number => Number(LOOPBACK.exec(readFileSync('/proc/net/dev', 'utf8'))?.[1] ?? Number.NaN)

async function reached (holds: () => boolean): Promise<void> {
  const end = performance.now() + PATIENCE
  while (!holds()) {
    if (performance.now() > end) throw new Error(`did not come about within ${PATIENCE} ms: ${String(holds)}`)
    await pause(20)
  }
}
