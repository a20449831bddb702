import { setTimeout as pause } from 'node:timers/promises'
import { BenchCluster, type ClusterWay } from './bench-cluster.js'
import type { BenchAgents } from './bench-agents.js'
import { median } from './baselines.js'
import { bareRoundTrip } from './link-echo.js'
import { microseconds, perSecond, type Row } from './row.js'

const WARM_UP = 3_000
const MEASURED = 8_000
const IN_FLIGHT = 100
/** Round trips that the stopwatch times together. */
const BATCH = 100
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

/** What the stopwatch tells: see scripts/bench/assembly/stopwatch.ts. */
interface Measured {
  readonly batches: readonly number[]
  readonly singles: readonly number[]
}

/** Messages between agents of two servers, there and back, beside a bare TLS echo. */
export async function remoteMessages (agents: BenchAgents): Promise<Row[]> {
  const bare = await bareRoundTrip()
  const rows: Row[] = []
  for (const contender of CONTENDERS) rows.push(...await measured(contender, agents, bare))
  return rows
}

async function measured ({ name, way, target }: Contender, agents: BenchAgents, bare: number): Promise<Row[]> {
  const cluster = await BenchCluster.start(way)
  try {
    const { p50, p99 } = await oneInFlight(cluster, agents)
    const { rate, cost } = await manyInFlight(cluster, agents)
    return [
      {
        what: `agent to agent on another node and back, ${name}: P50 of batches`,
        target: target === undefined ? '' : `≤ ${target.p50} × bare TLS`, actual: microseconds(p50),
        ratio: `${(p50 / bare).toFixed(2)} × bare TLS`, pass: target === undefined ? undefined : p50 <= target.p50 * bare,
      },
      { what: 'the same, P99, told in whole milliseconds', target: '', actual: `≤ ${p99} ms`, ratio: '', pass: undefined },
      {
        what: `the same at ${IN_FLIGHT} in flight, ${name}`, target: target === undefined ? '' : `≥ ${perSecond(target.rate)}`,
        actual: perSecond(rate), ratio: '', pass: target === undefined ? undefined : rate >= target.rate,
      },
      { what: 'processor time of both for a round trip', target: '', actual: microseconds(cost), ratio: '', pass: undefined },
    ]
  } finally {
    await cluster.stop()
  }
}

async function oneInFlight ({ one, two }: BenchCluster, agents: BenchAgents): Promise<{ readonly p50: number, readonly p99: number }> {
  await two.deployHere('partner', agents.volley)
  await one.deployHere('stopwatch', agents.stopwatch, { to: 'partner' })
  const read = async (): Promise<Measured> => {
    const [answer] = await one.ask('stopwatch')
    return JSON.parse(Buffer.from(answer?.content ?? []).toString()) as Measured
  }
  await pause(WARM_UP)
  await read()
  await pause(MEASURED)
  const { batches, singles } = await read()
  await one.stopAgent('stopwatch')
  return { p50: median(batches) / BATCH / 1e3, p99: rankOf(singles, 0.99) + 1 }
}

async function manyInFlight (cluster: BenchCluster, agents: BenchAgents): Promise<{ readonly rate: number, readonly cost: number }> {
  const { one, two } = cluster
  await two.deployHere('right', agents.volley)
  await one.deployHere('left', agents.volley, { to: 'right', balls: IN_FLIGHT })
  await pause(WARM_UP)
  const began = performance.now()
  const [before, spent] = [await one.handledBy('left'), cluster.processorTime()]
  await pause(MEASURED)
  const trips = await one.handledBy('left') - before
  return { rate: trips / (performance.now() - began) * 1e3, cost: (cluster.processorTime() - spent) / trips }
}

/** The first value up to which a share of all counted ones lies. */
function rankOf (counts: readonly number[], share: number): number {
  const wanted = counts.reduce((sum, count) => sum + count, 0) * share
  let seen = 0
  return counts.findIndex(count => (seen += count) >= wanted)
}
