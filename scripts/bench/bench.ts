import { writeFileSync } from 'node:fs'
import { availableParallelism, cpus, totalmem } from 'node:os'
import { agentStart, tenThousandAgents } from './agent-start.js'
import { baselines } from './baselines.js'
import { buildBenchAgents } from './bench-agents.js'
import { highestRate, latencyAtLoad } from './local-messages.js'
import { microseconds, perSecond, tableText, type Row } from './row.js'

/** npm run bench: measures the running server and prints a table. Arguments: parts of section names; `--json FILE`. */
const words = process.argv.slice(2)
const jsonAt = words.indexOf('--json')
const jsonFile = jsonAt < 0 ? 'dist/bench.json' : words[jsonAt + 1] ?? 'dist/bench.json'
const wanted = words.filter((_, index) => jsonAt < 0 || (index !== jsonAt && index !== jsonAt + 1))

const machine = `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, ` +
  `Linux ${process.platform === 'linux' ? '' : `(${process.platform}) `}Node ${process.version}`
console.log(`machine: ${machine}\n`)

const reference = await baselines()
const agents = await buildBenchAgents()
const rows: Row[] = [
  { what: 'baseline: postMessage round trip, P50', target: '', actual: microseconds(reference.postMessage), ratio: '', pass: undefined },
  { what: 'baseline: calls without sandbox', target: '', actual: perSecond(reference.calls), ratio: '', pass: undefined },
]
const sections: ReadonlyArray<readonly [name: string, run: () => Promise<Row[]>]> = [
  ['latency', () => latencyAtLoad(agents, reference)],
  ['rate-1', () => highestRate(agents, reference, 1)],
  ['rate-2', () => highestRate(agents, reference, 2)],
  ['start', () => agentStart(agents)],
  ['many', () => tenThousandAgents(agents)],
]
for (const [name, run] of sections) {
  if (wanted.length > 0 && !wanted.some(part => name.includes(part))) continue
  console.error(`measuring ${name} ...`)
  rows.push(...await run())
}
console.log(tableText(rows))
writeFileSync(jsonFile, `${JSON.stringify({ machine, at: new Date().toISOString(), rows }, undefined, 2)}\n`)
console.log(`\nas JSON: ${jsonFile}`)
