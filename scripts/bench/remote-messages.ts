import { setTimeout as pause } from 'node:timers/promises'
import { BenchCluster, type ClusterWay } from './bench-cluster.js'
import type { BenchAgents } from './bench-agents.js'
import { median, percentile } from './baselines.js'
import { bareRoundTrip } from './link-echo.js'
import { microseconds, perSecond, type Row } from './row.js'

const WARM_UP = 3_000
const MEASURED = 8_000
const IN_FLIGHT = 100
const LEAST_RATE = 25_000

interface Contender {
  readonly name: string
  readonly way: ClusterWay
  /** What DESIGN §7 asks of it. */
  readonly target?: { readonly p50: number, readonly rate: number }
}

const CONTENDERS: readonly Contender[] = [
  { name: 'TCP with mutual TLS', way: { transport: 'tcp', isSecure: true }, target: { p50: 3, rate: LEAST_RATE } },
  { name: 'TCP without TLS', way: { transport: 'tcp', isSecure: false } },
  { name: 'QUIC, proven', way: { transport: 'quic', isSecure: true } },
]

/** Messages between agents of two servers, there and back, beside a bare TLS echo. */
export async function remoteMessages (agents: BenchAgents): Promise<Row[]> {
  const rows: Row[] = []
  for (const contender of CONTENDERS) rows.push(...await measured(contender, agents))
  return rows
}

async function measured ({ name, way, target }: Contender, agents: BenchAgents): Promise<Row[]> {
  const before = await bareRoundTrip()
  const { gaps, rate, cost } = await played(way, agents)
  // The machine is not the same from one minute to the next.
  const bare = (before + await bareRoundTrip()) / 2
  const p50 = median(gaps)
  const plain = (what: string, actual: string): Row => ({ what, target: '', actual, ratio: '', pass: undefined })
  return [
    plain(`baseline: bare mutual TLS, before and after ${name}, P50`, microseconds(bare)),
    {
      what: `agent to agent on another node and back, ${name}: P50`,
      target: target === undefined ? '' : `≤ ${target.p50} × bare TLS`, actual: microseconds(p50),
      ratio: `${(p50 / bare).toFixed(2)} × bare TLS`, pass: target === undefined ? undefined : p50 <= target.p50 * bare,
    },
    plain('the same, P99', microseconds(percentile(gaps, 0.99))),
    {
      what: `the same at ${IN_FLIGHT} in flight, ${name}`, target: target === undefined ? '' : `≥ ${perSecond(target.rate)}`,
      actual: perSecond(rate), ratio: '', pass: target === undefined ? undefined : rate >= target.rate,
    },
    plain('processor time of both for a round trip', microseconds(cost)),
  ]
}

/** Seconds of each round trip with one message in flight; round trips per second with many, and processor time of each in seconds. */
async function played (
  way: ClusterWay, agents: BenchAgents,
): Promise<{ readonly gaps: readonly number[], readonly rate: number, readonly cost: number }> {
  const cluster = await BenchCluster.start(way)
  let [from, to] = [0, 0]
  try {
    await serve(cluster, agents, 'one', 1)
    from = Date.now()
    await pause(MEASURED)
    to = Date.now()
    await cluster.one.stopAgent('one-left')
    return { ...await manyInFlight(cluster, agents), gaps: await cluster.stop(from, to) }
  } catch (error) {
    await cluster.stop()
    throw error
  }
}

async function serve ({ one, two }: BenchCluster, agents: BenchAgents, game: string, balls: number): Promise<void> {
  await two.deployHere(`${game}-right`, agents.volley)
  await one.deployHere(`${game}-left`, agents.volley, { to: `${game}-right`, balls })
  await pause(WARM_UP)
}

async function manyInFlight (cluster: BenchCluster, agents: BenchAgents): Promise<{ readonly rate: number, readonly cost: number }> {
  await serve(cluster, agents, 'many', IN_FLIGHT)
  const { one } = cluster
  const began = performance.now()
  const [before, spent] = [await one.handledBy('many-left'), cluster.processorTime()]
  await pause(MEASURED)
  const trips = await one.handledBy('many-left') - before
  return { rate: trips / (performance.now() - began) * 1e3, cost: (cluster.processorTime() - spent) / trips }
}
