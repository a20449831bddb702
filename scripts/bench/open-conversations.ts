import { setTimeout as pause } from 'node:timers/promises'
import type { BenchAgents } from './bench-agents.js'
import { BenchServer } from './bench-server.js'
import { latencyOver, offerEvenly } from './even-load.js'
import { MEANWHILE, meanwhileRows } from './meanwhile.js'
import { reached } from './reached.js'
import type { Row } from './row.js'

const WARM_UP = 3_000
const OPENERS = 50
const OPEN = 50_000
const QUIET = 5_000

/** Conversations that stay open because nobody answers: what they take of memory, and of the time of others. */
export async function openConversations (agents: BenchAgents): Promise<Row[]> {
  const server = await BenchServer.start(['agents.shards=1'])
  await offerEvenly(server, agents, MEANWHILE)
  for (let index = 0; index < OPENERS; index++) await server.deploy(`silent-${index}`, agents.sender)
  await pause(WARM_UP)
  const without = await latencyOver(server, QUIET)
  const before = server.resident()
  for (let index = 0; index < OPENERS; index++) {
    await server.deploy(`opener-${index}`, agents.sender, { to: `silent-${index}`, count: OPEN / OPENERS, protocol: 'fipa-request' })
  }
  const silent = Array.from({ length: OPENERS }, (_, index) => `silent-${index}`)
  await reached(OPEN, async () => (await Promise.all(silent.map(name => server.handledBy(name)))).reduce((sum, count) => sum + count))
  await server.expectNoErrors()
  // Their latest state is written, and the memory of writing it let go of.
  await pause(WARM_UP)
  const meanwhile = await latencyOver(server, QUIET)
  const each = (server.resident() - before) / OPEN
  await server.stop()
  const what = `${OPEN.toLocaleString('en')} open conversations`
  return [
    { what: `${what}: resident memory for each`, target: '', actual: `${each.toFixed(0)} bytes`, ratio: '', pass: undefined },
    ...meanwhileRows(what, without, meanwhile),
  ]
}
