import { setTimeout as pause } from 'node:timers/promises'
import { DELIVERY, type Delivery } from '../../kernel/contract/index.js'
import type { BenchAgents } from './bench-agents.js'
import { BenchServer } from './bench-server.js'
import { many } from './many.js'
import { perSecond, type Row } from './row.js'
import { groupCommits } from './store-baseline.js'

const WARM_UP = 3_000
const MEASURED = 8_000
/** Of each flow one message at a time is on its way, so it takes many to fill a commit. */
const PAIRS = 400
const BALLS = 2
const DEPLOYED_AT_ONCE = 16
const TARGETS = { 'at-least-once': 15_000, 'exactly-once': 5_000 } as const

/** Durable messages from agent to agent by mode, beside what the store's database alone does with the same rows. */
export async function durableMessages (agents: BenchAgents): Promise<Row[]> {
  const commits = groupCommits()
  return [
    {
      what: 'baseline: kept and deleted by better-sqlite3 alone, 500 to a transaction', target: '',
      actual: perSecond(commits), ratio: '', pass: undefined,
    },
    await rate(agents, 'at-least-once', commits),
    await rate(agents, 'exactly-once', commits),
  ]
}

async function rate (agents: BenchAgents, mode: keyof typeof TARGETS, commits: number): Promise<Row> {
  const server = await BenchServer.start(['agents.shards=1'])
  const delivery = DELIVERY.indexOf(mode satisfies Delivery)
  await many(PAIRS, DEPLOYED_AT_ONCE, pair => server.deploy(`left-${pair}`, agents.volley))
  await many(PAIRS, DEPLOYED_AT_ONCE, pair =>
    server.deploy(`right-${pair}`, agents.volley, { to: `left-${pair}`, balls: BALLS, delivery }))
  await pause(WARM_UP)
  const messages = await server.deliveredPerSecond(MEASURED)
  await server.expectNoErrors()
  await server.stop()
  return {
    what: `durable messages per second, ${mode}, ${PAIRS} pairs`,
    target: `≥ ${TARGETS[mode] / 1e3} k/s`, actual: perSecond(messages),
    ratio: `${(messages / commits).toFixed(2)} × better-sqlite3 alone`, pass: messages >= TARGETS[mode],
  }
}
