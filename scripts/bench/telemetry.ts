import { setTimeout as pause } from 'node:timers/promises'
import type { BenchAgents } from './bench-agents.js'
import { BenchServer } from './bench-server.js'
import { perSecond, type Row } from './row.js'

const ROUNDS = 9
const PAIRS = 30
const BALLS = 4
const WARM_UP = 4_000
const SETTLED = 250
const MEASURED = 1_500
const MOST_LOST = 0.03

const OFF = ['tracing.first=0', 'tracing.sample_rate=0', 'tracing.spans_per_second=0', 'plugins.telemetry-local.enabled=false']

/**
 * What recording costs local messages: a server as it comes, with the local store, beside one that records nothing. They run in turns, a
 * moment each, while the other is held, because the machine has other things to do. Balls that are served within a trace that is recorded
 * stay in it for ever, so this is the worst case.
 */
export async function telemetryCost (agents: BenchAgents): Promise<Row[]> {
  const servers = [await playing(agents, []), await playing(agents, OFF)] as const
  const ratios: number[] = []
  const works: number[] = []
  const rates: number[] = []
  let spans = 0
  try {
    for (let round = 0; round < ROUNDS; round++) {
      const first = round % 2 === 0 ? 0 : 1
      const [one, other] = [await turnOf(servers[first]), await turnOf(servers[1 - first] ?? servers[0])]
      const [on, off] = first === 0 ? [one, other] : [other, one]
      ratios.push(on.rate / off.rate)
      works.push(off.work / on.work)
      rates.push(on.rate)
      spans += on.spans / ROUNDS
      const [messages, work] = [(on.rate / off.rate).toFixed(3), (off.work / on.work).toFixed(3)]
      console.error(`  recorded ${perSecond(on.rate)}, not ${perSecond(off.rate)}: ${messages}; by the time of processors ${work}`)
    }
  } finally {
    for (const server of servers) {
      server.goOn()
      await server.stop()
    }
  }
  return [{
    what: 'messages per second, one shard, with traces recorded as usual',
    target: '',
    actual: `${perSecond(median(rates))}; ${Math.round(spans)} spans/s`,
    ratio: shown(ratios),
    // Says little where the machine has other things to do.
    pass: undefined,
  }, {
    what: 'the same for the time that processors spent on each message',
    target: `≥ ${1 - MOST_LOST} × without`, actual: '', ratio: shown(works), pass: median(works) >= 1 - MOST_LOST,
  }]
}

/** How a server did. */
interface Load {
  /** Messages in a second. */
  readonly rate: number
  readonly spans: number
  /** Seconds of processors for each message. */
  readonly work: number
}

const shown = (ratios: readonly number[]): string =>
  `${median(ratios).toFixed(3)} × without (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)} in ${ROUNDS} rounds)`

/** A server whose agents play, warm and held. */
async function playing (agents: BenchAgents, sets: readonly string[]): Promise<BenchServer> {
  const server = await BenchServer.start(['agents.shards=1', ...sets])
  for (let pair = 0; pair < PAIRS; pair++) await server.deploy(`left-${pair}`, agents.volley)
  for (let pair = 0; pair < PAIRS; pair++) await server.deploy(`right-${pair}`, agents.volley, { to: `left-${pair}`, balls: BALLS })
  await pause(WARM_UP)
  server.hold()
  return server
}

/** Lets a server run for a moment, and says how it did. */
async function turnOf (server: BenchServer): Promise<Load> {
  server.goOn()
  await pause(SETTLED)
  const began = performance.now()
  const [messages, spans, worked] = [await server.delivered(), await spansOf(server), server.processorTime()]
  await pause(MEASURED)
  const [after, spansAfter, workedAfter] = [await server.delivered(), await spansOf(server), server.processorTime()]
  const seconds = (performance.now() - began) / 1_000
  server.hold()
  return {
    rate: (after - messages) / seconds, spans: (spansAfter - spans) / seconds,
    work: (workedAfter - worked) / (after - messages),
  }
}

async function spansOf (server: BenchServer): Promise<number> {
  return await server.figure('caxton_spans_total')
}

function median (values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other)
  const middle = sorted.length >> 1
  return ((sorted[middle] ?? 0) + (sorted[sorted.length - 1 - middle] ?? 0)) / 2
}
