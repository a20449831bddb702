import 'reflect-metadata'
import { writeFileSync } from 'node:fs'
import { availableParallelism, cpus, totalmem } from 'node:os'
import { parseArgs } from 'node:util'
import { agentStart, tenThousandAgents } from './agent-start.js'
import { backlog } from './backlog.js'
import { baselines } from './baselines.js'
import { BenchAgents } from './bench-agents.js'
import { contractNet } from './contract-net.js'
import { durableMessages } from './durable-messages.js'
import { gossipNodes } from './gossip-nodes.js'
import { linkEcho } from './link-echo.js'
import { highestRate, latencyAtLoad } from './local-messages.js'
import { operationCalls } from './operation-calls.js'
import { openConversations } from './open-conversations.js'
import { registryOfMillion } from './registry.js'
import { registrySpread } from './registry-spread.js'
import { remoteMessages } from './remote-messages.js'
import { requestConversations } from './request-conversations.js'
import { operationChecks } from './operation-checks.js'
import { telemetryCost } from './telemetry.js'
import { microseconds, perSecond, tableText, type Row } from './row.js'

/**
 * npm run bench: measures the running server and prints a table. Arguments: parts of section names; `--json FILE`; `--full`: 1,000,000
 * messages in the backlog.
 */
const { values, positionals: wanted } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'string', default: 'dist/bench.json' }, full: { type: 'boolean', default: false } },
})

const machine = `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, ` +
  `Linux ${process.platform === 'linux' ? '' : `(${process.platform}) `}Node ${process.version}`
console.log(`machine: ${machine}\n`)

const reference = await baselines()
const agents = new BenchAgents()
const rows: Row[] = [
  { what: 'baseline: postMessage round trip, P50', target: '', actual: microseconds(reference.postMessage), ratio: '', pass: undefined },
  { what: 'baseline: calls without sandbox', target: '', actual: perSecond(reference.calls), ratio: '', pass: undefined },
]
const sections: ReadonlyArray<readonly [name: string, run: () => Promise<Row[]>]> = [
  ['latency', () => latencyAtLoad(agents, reference)],
  ['rate-1', () => highestRate(agents, reference, 1)],
  ['rate-2', () => highestRate(agents, reference, 2)],
  ['request', () => requestConversations(agents)],
  ['contract-net', () => contractNet(agents)],
  ['open', () => openConversations(agents)],
  ['durable', () => durableMessages(agents)],
  ['backlog', () => backlog(agents, values.full ? 1_000_000 : 100_000)],
  ['start', () => agentStart(agents)],
  ['many', () => tenThousandAgents(agents)],
  ['telemetry', () => telemetryCost(agents)],
  ['links', () => linkEcho()],
  ['remote', () => remoteMessages(agents)],
  ['gossip', gossipNodes],
  ['registry', registryOfMillion],
  ['propagation', registrySpread],
  ['operations', async () => [...await operationChecks(), ...await operationCalls()]],
]
for (const [name, run] of sections) {
  if (wanted.length > 0 && !wanted.some(part => name.includes(part))) continue
  console.error(`measuring ${name} ...`)
  rows.push(...await run())
}
console.log(tableText(rows))
writeFileSync(values.json, `${JSON.stringify({ machine, at: new Date().toISOString(), rows }, undefined, 2)}\n`)
console.log(`\nas JSON: ${values.json}`)
