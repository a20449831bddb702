import { setTimeout as pause } from 'node:timers/promises'
import type { Baselines } from './baselines.js'
import type { BenchAgents } from './bench-agents.js'
import { BenchServer } from './bench-server.js'
import { latencyOver, offerEvenly } from './even-load.js'
import { countOf, quantile, type Buckets } from './quantile.js'
import { microseconds, perSecond, type Row } from './row.js'

const WARM_UP = 3_000
const MEASURED = 10_000
const OFFERED = 100_000
const PAIRS = 100
const BALLS = 4

/** Latency of a message from agent to agent at 100,000 a second, sent evenly by many agents with timers. */
export async function latencyAtLoad (agents: BenchAgents, baselines: Baselines): Promise<Row[]> {
  const server = await BenchServer.start(['agents.shards=1'])
  await offerEvenly(server, agents, OFFERED)
  await pause(WARM_UP)
  const { rate, raw, clean } = await latencyOver(server, MEASURED)
  await server.stop()
  const share = `${Math.round(countOf(clean) / countOf(raw) * 100)} % of samples are clean`
  return [
    {
      what: 'local messages offered, one shard',
      target: '100 k/s', actual: `${perSecond(rate)}; ${share}`, ratio: '', pass: rate > OFFERED * 0.95,
    },
    latencyRow('P50, clean', 0.5, clean, 40e-6, baselines),
    latencyRow('P50, raw', 0.5, raw, undefined, baselines),
    latencyRow('P99, clean', 0.99, clean, 250e-6, baselines),
    latencyRow('P99, raw', 0.99, raw, undefined, baselines),
  ]
}

function latencyRow (what: string, share: number, buckets: Buckets, limit: number | undefined, { postMessage }: Baselines): Row {
  const value = quantile(buckets, share)
  return {
    what: `local message at that load, ${what}`,
    target: limit === undefined ? '' : `≤ ${microseconds(limit)}`,
    actual: Number.isNaN(value) ? 'no samples' : microseconds(value),
    ratio: `${(value / postMessage).toFixed(2)} × postMessage`,
    pass: limit === undefined ? undefined : value <= limit,
  }
}

/** Most messages per second: pairs of agents play them back and forth as fast as they are handled. */
export async function highestRate (agents: BenchAgents, baselines: Baselines, shards: number): Promise<Row[]> {
  const server = await BenchServer.start([`agents.shards=${shards}`])
  for (let pair = 0; pair < PAIRS; pair++) await server.deploy(`left-${pair}`, agents.volley)
  for (let pair = 0; pair < PAIRS; pair++) await server.deploy(`right-${pair}`, agents.volley, { to: `left-${pair}`, balls: BALLS })
  await pause(WARM_UP)
  const began = performance.now()
  const before = await server.delivered()
  const collectedBefore = server.collections
  await pause(MEASURED)
  const messages = await server.delivered() - before
  const rate = messages / (performance.now() - began) * 1e3
  const collections = (server.collections - collectedBefore) / messages * 1e6
  await server.stop()
  return [{
    what: `messages per second, ${shards === 1 ? 'one shard' : `${shards} shards`}`,
    target: shards === 1 ? '≥ 250 k/s' : '',
    actual: perSecond(rate),
    ratio: `1/${Math.round(baselines.calls / rate)} of calls without sandbox`,
    pass: shards === 1 ? rate >= 250_000 : undefined,
  }, {
    what: `collections of garbage per million messages, ${shards === 1 ? 'one shard' : `${shards} shards`}`,
    target: '', actual: collections.toFixed(2), ratio: '', pass: undefined,
  }]
}
