import { setTimeout as pause } from 'node:timers/promises'
import { median, percentile } from './baselines.js'
import type { BenchAgents } from './bench-agents.js'
import { BenchServer } from './bench-server.js'
import { perSecond, type Row } from './row.js'

const WARM_UP = 3_000
const PAIRS = 100
/** Milliseconds in which the pairs name their protocol, and then as many in which they do not. */
const PHASE = 500
/** Around the change of a phase nothing is measured, in milliseconds. */
const MARGIN = 25
const PHASES = 48

/** fipa-request between pairs in one shard, and what checking it costs: the same bytes with and without a protocol, by turns. */
export async function requestConversations (agents: BenchAgents): Promise<Row[]> {
  const server = await BenchServer.start(['agents.shards=1'])
  for (let pair = 0; pair < PAIRS; pair++) await server.deploy(`answers-${pair}`, agents.requester)
  for (let pair = 0; pair < PAIRS; pair++) {
    await server.deploy(`asks-${pair}`, agents.requester, { to: `answers-${pair}`, atOnce: 4, phase: PHASE })
  }
  await pause(WARM_UP)
  const phases: Phase[] = []
  for (let count = 0; count < PHASES; count++) phases.push(await measured(server))
  await server.expectNoErrors()
  await server.stop()
  const whole = phases.filter(({ isWhole }) => isWhole)
  const costs = whole.flatMap((phase, index) => {
    const before = whole[index - 1]
    if (before === undefined || before.isChecked === phase.isChecked) return []
    return phase.isChecked ? 1 - phase.rate / before.rate : 1 - before.rate / phase.rate
  })
  const rateOf = (isChecked: boolean): number => median(whole.filter(phase => phase.isChecked === isChecked).map(({ rate }) => rate))
  const cost = median(costs) * 100
  const conversations = 'conversations per second: fipa-request between two agents, one shard'
  return [
    { what: conversations, target: '', actual: perSecond(rateOf(true) / 2), ratio: '', pass: undefined },
    {
      what: 'the same exchange without a protocol', target: '', actual: perSecond(rateOf(false) / 2), ratio: '', pass: undefined,
    },
    {
      what: 'protocol checking, of local throughput',
      target: '≤ 15 %', actual: `${cost.toFixed(0)} % (${range(costs)})`, ratio: '', pass: cost <= 15,
    },
  ]
}

/** Where the middle half of them lies. */
const range = (shares: readonly number[]): string =>
  [0.25, 0.75].map(share => (percentile(shares, share) * 100).toFixed(0)).join(' to ')

/** What was measured between two changes. */
interface Phase {
  readonly isChecked: boolean
  /** Messages per second that the shard had a core: what else the machine does is no part of the comparison. */
  readonly rate: number
  /** The machine was not so busy that the next phase began meanwhile. */
  readonly isWhole: boolean
}

async function measured (server: BenchServer): Promise<Phase> {
  await pause(PHASE - Date.now() % PHASE + MARGIN)
  const phase = Math.floor(Date.now() / PHASE)
  const rate = await server.deliveredPerBusySecond(PHASE - 3 * MARGIN)
  return { isChecked: phase % 2 === 0, rate, isWhole: Math.floor(Date.now() / PHASE) === phase }
}
