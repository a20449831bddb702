import { bareCompilation, bareInstance } from './bare-instances.js'
import { percentile } from './baselines.js'
import type { BenchAgents } from './bench-agents.js'
import { BenchServer } from './bench-server.js'
import { many } from './many.js'
import { between, quantile } from './quantile.js'
import { microseconds, milliseconds, type Row } from './row.js'
import { asUnseen } from './unseen-module.js'

const KNOWN = 1_000
const UNSEEN = 200
const MANY = 10_000
/** What an agent's start takes is measured with few at once: with many it is mostly the wait for a core. */
const STARTED_AT_ONCE = 8
const AT_ONCE = 64
const MIB = 1_048_576

/** From a known module: inside the shard. From an upload: what its author waits for, until the agent's first answer. */
export async function agentStart (agents: BenchAgents): Promise<Row[]> {
  const server = await BenchServer.start(['agents.shards=1'])
  const echo = await agents.echo
  const bare = await bareInstance(echo)
  const compiled = await bareCompilation(echo)
  await server.deploy('first', echo)
  const before = await server.histogram('caxton_agent_startup_seconds')
  await many(KNOWN, STARTED_AT_ONCE, index => server.deploy(`known-${index}`, echo))
  const known = between(before, await server.histogram('caxton_agent_startup_seconds'))
  const times: number[] = []
  for (let serial = 0; serial < UNSEEN; serial++) {
    const began = performance.now()
    await server.deploy(`unseen-${serial}`, asUnseen(echo, serial))
    await server.ask(`unseen-${serial}`)
    times.push(performance.now() - began)
  }
  await server.stop()
  const fromKnown = quantile(known, 0.5)
  const p50 = percentile(times, 0.5)
  const p99 = percentile(times, 0.99)
  return [
    { what: 'baseline: V8 instantiates the same module, P50', target: '', actual: microseconds(bare), ratio: '', pass: undefined },
    {
      what: `agent start from a known module, ${STARTED_AT_ONCE} deployed at once, P50`,
      target: '≤ 100 µs', actual: microseconds(fromKnown), ratio: `${(fromKnown / bare).toFixed(1)} × V8 alone`, pass: fromKnown <= 100e-6,
    },
    { what: 'baseline: V8 compiles the same module, P50', target: '', actual: milliseconds(compiled), ratio: '', pass: undefined },
    {
      what: 'upload to first reply, durable, P50',
      target: '≤ 5 ms', actual: milliseconds(p50), ratio: `${(p50 / compiled).toFixed(1)} × V8 alone`, pass: p50 <= 5,
    },
    { what: 'upload to first reply, durable, P99', target: '≤ 40 ms', actual: milliseconds(p99), ratio: '', pass: p99 <= 40 },
  ]
}

/** Ten thousand living agents: what they cost, how long they take, and how long the server takes to bring them back. */
export async function tenThousandAgents (agents: BenchAgents): Promise<Row[]> {
  const server = await BenchServer.start(['agents.shards=1'])
  const empty = server.resident()
  const began = performance.now()
  await many(MANY, AT_ONCE, index => server.deploy(`agent-${index}`, agents.echo))
  const deployed = performance.now() - began
  await many(MANY, AT_ONCE, index => server.ask(`agent-${index}`))
  const afterDeploying = server.resident() / MIB
  const folder = await server.stop(true)
  const again = await BenchServer.start(['agents.shards=1'], folder)
  const back = again.startTime
  await many(MANY, AT_ONCE, index => again.ask(`agent-${index}`))
  const afterStart = again.resident() / MIB
  await again.stop()
  return [
    memoryRow('right after deploying', afterDeploying, empty / MIB),
    memoryRow('after a start', afterStart, empty / MIB),
    timeRow('deploying all, durable', deployed),
    timeRow('server start with all of them', back),
  ]
}

const memoryRow = (when: string, size: number, without: number): Row => ({
  what: `10,000 agents, each answered once: resident memory ${when}`,
  target: '≤ 400 MiB', actual: `${size.toFixed(0)} MiB (${without.toFixed(0)} MiB without)`, ratio: '', pass: size <= 400,
})

const timeRow = (what: string, took: number): Row =>
  ({ what: `10,000 agents: ${what}`, target: '', actual: `${(took / 1e3).toFixed(1)} s`, ratio: '', pass: undefined })
