import { answerOf } from '../../plugins/registry-gossip/exchange/log-reading.js'
import { LogIntake } from '../../plugins/registry-gossip/exchange/log-intake.js'
import { RegistryTable } from '../../plugins/registry-gossip/records/registry-table.js'
import { readMessage } from '../../plugins/registry-gossip/wire/registry-messages.js'
import { microseconds, milliseconds, type Row } from './row.js'

const NODES = 100
const AGENTS = 10_000
const TAIL = 4_096
const MODULES = 50
const LOOK_UPS = 1_000_000
const MIB = 2 ** 20

const nodeId = (node: number): string => `node-${node}`
const agentName = (node: number, agent: number): string => `market-buyer-${String(node).padStart(3, '0')}-${String(agent).padStart(5, '0')}`
const moduleOf = (agent: number): string => (agent % MODULES).toString(16).padStart(2, '0').repeat(32)

function fill (table: RegistryTable): void {
  for (let node = 0; node < NODES; node++) {
    const owner = table.own(nodeId(node))
    if (!owner) throw new Error('there is no room for the nodes')
    for (let agent = 0; agent < AGENTS; agent++) {
      const listing = { name: agentName(node, agent), claim: 1, delivery: 0, module: moduleOf(agent), offers: [], topics: [], homes: [] }
      table.put(owner, { ...listing, isBound: false, state: 'running' }, [])
    }
    owner.epoch = 1
    owner.isWhole = true
    owner.tail.reset(AGENTS)
  }
}

/** Seconds for one look-up of a name by chance: names are made beforehand, since a caller has them. */
function lookUp (find: (name: string) => object | undefined): number {
  const names = Array.from({ length: LOOK_UPS / 10 }, (_, index) => agentName(index * 7_919 % NODES, index * 104_729 % AGENTS))
  let found = 0
  const began = performance.now()
  for (let times = 0; times < 10; times++) for (const name of names) found += find(name) ? 1 : 0
  const seconds = (performance.now() - began) / 1e3 / LOOK_UPS
  if (found !== LOOK_UPS) throw new Error('not everything was found')
  return seconds
}

/** What a newcomer fetches, how long it takes it to read, and the longest that one part blocks it. */
function join (table: RegistryTable): { readonly bytes: number, readonly reading: number, readonly longest: number } {
  const newcomer = new RegistryTable('newcomer', TAIL)
  const intake = new LogIntake(newcomer, () => {})
  let bytes = 0
  let reading = 0
  let longest = 0
  for (let node = 0; node < NODES; node++) {
    const owner = newcomer.own(nodeId(node))
    if (!owner) throw new Error('there is no room for the nodes')
    const load = intake.load(owner)
    let next: number | 'done' | 'lost' = 0
    while (typeof next === 'number') {
      const answer = answerOf(table, { nodeId: nodeId(node), epoch: 0, from: 0, cursor: next })
      const began = performance.now()
      const message = readMessage(answer)
      next = message.kind === 'snapshot' ? load.take(message.snapshot, next) : 'lost'
      const took = performance.now() - began
      bytes += answer.byteLength
      reading += took
      longest = Math.max(longest, took)
    }
    if (!owner.isWhole) throw new Error('the newcomer knows other things than the others')
  }
  return { bytes, reading, longest }
}

/** Seconds for one look-up in a plain map of the same agents, which takes some 400 MiB. */
function lookUpInMap (table: RegistryTable): number {
  const map = new Map<string, object>()
  for (let node = 0; node < NODES; node++) {
    for (let agent = 0; agent < AGENTS; agent++) map.set(agentName(node, agent), table)
  }
  return lookUp(name => map.get(name))
}

/** The registry with 1,000,000 agents of 100 nodes, as every node keeps it. */
export async function registryOfMillion (): Promise<Row[]> {
  const before = process.memoryUsage()
  const table = new RegistryTable('node-0', TAIL)
  fill(table)
  const after = process.memoryUsage()
  const columns = table.bytes / MIB
  const resident = (after.rss - before.rss) / MIB
  const each = lookUp(name => table.find(name))
  const ratio = `${(each / lookUpInMap(table)).toFixed(1)} × a Map`
  const { bytes, reading, longest } = join(table)
  const names = agentName(0, 0).length
  const beside = bytes / NODES / AGENTS - names
  const what = (text: string): string => `registry of 1,000,000 agents: ${text}`
  return [
    { what: what('memory'), target: '≤ 100 MiB', actual: `${columns.toFixed(0)} MiB`, ratio: '', pass: columns <= 100 },
    { what: what('growth of the process, garbage included'), target: '', actual: `${resident.toFixed(0)} MiB`, ratio: '', pass: undefined },
    { what: what('a look-up'), target: '≤ 1 µs', actual: microseconds(each), ratio, pass: each <= 1e-6 },
    {
      what: what(`fetched by a newcomer, names of ${names} characters`), target: '≤ 25 bytes each, and the name',
      actual: `${(bytes / MIB).toFixed(1)} MiB, ${beside.toFixed(1)} bytes each, and the name`, ratio: '', pass: beside <= 25,
    },
    { what: what('read by a newcomer'), target: '≤ 3 s', actual: milliseconds(reading), ratio: '', pass: reading <= 3_000 },
    { what: what('longest part of that'), target: '', actual: milliseconds(longest), ratio: '', pass: undefined },
  ]
}
