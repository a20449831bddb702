import { setTimeout as pause } from 'node:timers/promises'
import type { BenchAgents } from './bench-agents.js'
import { BenchServer } from './bench-server.js'
import { perSecond, type Row } from './row.js'

const WARM_UP = 3_000
const MEASURED = 10_000
const MANAGERS = 20
const BIDDERS = 10
/** Calls, proposals, an award and rejections, and the result. */
const MESSAGES_OF_NEGOTIATION = 3 * BIDDERS + 1

/** Managers that each negotiate with ten bidders of their own, one conversation after the other. */
export async function contractNet (agents: BenchAgents): Promise<Row[]> {
  const server = await BenchServer.start(['agents.shards=1'])
  for (let manager = 0; manager < MANAGERS; manager++) {
    for (let bidder = 0; bidder < BIDDERS; bidder++) await server.deploy(`bidder-${manager}-${bidder}`, agents.bidder)
  }
  for (let manager = 0; manager < MANAGERS; manager++) {
    await server.deploy(`manager-${manager}`, agents.manager, { bidders: `bidder-${manager}-`, count: BIDDERS })
  }
  await pause(WARM_UP)
  const rate = await server.deliveredPerSecond(MEASURED)
  await server.expectNoErrors()
  await server.stop()
  return [{
    what: `conversations per second: fipa-contract-net with ${BIDDERS} bidders, one shard`,
    target: '', actual: perSecond(rate / MESSAGES_OF_NEGOTIATION), ratio: `${perSecond(rate)} messages`, pass: undefined,
  }]
}
