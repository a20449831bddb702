import { setTimeout as pause } from 'node:timers/promises'
import type { AgentListing } from '../../kernel/contract/index.js'
import { PeerLinks } from '../../kernel/routing/remote/peer-links.js'
import { SystemClock } from '../../kernel/observability/system-clock.js'
import { SystemRandom } from '../../kernel/observability/system-random.js'
import { GossipRegistry } from '../../plugins/registry-gossip/gossip-registry.js'
import { MemoryStore } from '../../plugins/store-memory/memory-store.js'
import { socketNode, type SocketNode } from '../../test/support/cluster-swim/socket-node.js'
import { noMetrics, QuietContext } from '../../test/support/quiet-context.js'
import { REGISTRY_CONFIG } from '../../test/support/registry/registry-simulation.js'
import { transportOf } from './link-bench-node.js'
import { milliseconds, type Row } from './row.js'

const NODES = 5
const AGENTS = 10_000
const CHANGES = 100
const PATIENCE = 20_000
const GLANCE = 2
const TARGET = 1_000
const RULES = { queue: 16 * 2 ** 20, dialTimeout: 5_000, failures: 5, open: 1_000, delay: 100 }
const never = new AbortController().signal

/** A node with membership, links over TCP and the registry, and nothing else. */
interface RegistryNode {
  readonly nodeId: string
  readonly registry: GossipRegistry
  stop (): Promise<void>
}

/** How fast nodes on real sockets know the agents of one another, and a change of one. */
export async function registrySpread (): Promise<Row[]> {
  const nodes: RegistryNode[] = []
  try {
    let first: SocketNode | undefined
    for (let number = 1; number <= NODES; number++) {
      const swim = await socketNode(`node-${number}`, { seeds: first === undefined ? [] : [first.seed] })
      first ??= swim
      nodes.push(await registryNode(`node-${number}`, swim))
    }
    const announced = performance.now()
    for (const { nodeId, registry } of nodes) for (let agent = 0; agent < AGENTS; agent++) registry.announce(listing(nodeId, agent, 1))
    await reached(() => nodes.every(({ registry }) => registry.count() === NODES * AGENTS))
    const all = performance.now() - announced
    const times: number[] = []
    for (let change = 0; change < CHANGES; change++) times.push(await oneChange(nodes, change))
    times.sort((one, other) => one - other)
    const [p50, p99] = [times[Math.floor(CHANGES / 2)] ?? Number.NaN, times[Math.floor(CHANGES * 0.99)] ?? Number.NaN]
    const what = `registry of ${NODES} nodes with 10,000 agents each`
    return [
      { what: `${what}: all announced at once are known to all`, target: '', actual: milliseconds(all), ratio: '', pass: undefined },
      { what: `${what}: a change is known to all, P50`, target: '', actual: milliseconds(p50), ratio: '', pass: undefined },
      {
        what: `${what}: a change is known to all, P99`, target: `≤ ${milliseconds(TARGET)}`, actual: milliseconds(p99), ratio: '',
        pass: p99 <= TARGET,
      },
    ]
  } finally {
    for (const node of nodes) await node.stop()
  }
}

async function registryNode (nodeId: string, { swim }: SocketNode): Promise<RegistryNode> {
  const context = new QuietContext()
  const [clock, random] = [new SystemClock(), new SystemRandom()]
  const transport = transportOf(nodeId, { transport: 'tcp', driver: 'auto', isSecure: false })
  await transport.start(never)
  const transports = [{ instance: 'transport-tcp', service: transport }]
  const links = new PeerLinks({ self: nodeId, transports, membership: swim, rules: RULES, clock, random, log: context.log })
  const facts = { nodeId, zone: 'a', dataDirectory: '', startedAt: Date.now(), version: '0.1.0' }
  const store = new MemoryStore({ max_size: 2 ** 20 }).scopeFor('registry-gossip')
  const registry = new GossipRegistry(facts, clock, random, store, links, swim, noMetrics, REGISTRY_CONFIG, context.log)
  await registry.start(never)
  swim.advertise(await links.open({ receive: () => {} }))
  const stop = async (): Promise<void> => {
    await registry.stop()
    await links.close()
    await transport.stop()
    await swim.stop()
  }
  return { nodeId, registry, stop }
}

/** Milliseconds until all others know that an agent has a higher claim. */
async function oneChange (nodes: readonly RegistryNode[], change: number): Promise<number> {
  const owner = nodes[change % nodes.length]
  if (owner === undefined) throw new Error('there is no node')
  const changed = listing(owner.nodeId, change * 97 % AGENTS, 2 + change)
  // Out of step with the times at which nodes tell their news.
  await pause(change * 37 % 100)
  const began = performance.now()
  owner.registry.announce(changed)
  await reached(() => nodes.every(({ registry }) => registry.find(changed.name)?.listing.claim === changed.claim))
  return performance.now() - began
}

const listing = (nodeId: string, agent: number, claim: number): AgentListing => ({
  name: `market-buyer-${nodeId}-${String(agent).padStart(5, '0')}`, claim, state: 'running', delivery: 0,
  module: (agent % 50).toString(16).padStart(2, '0').repeat(32), offers: [], topics: [], homes: [], isBound: false,
})

async function reached (holds: () => boolean): Promise<void> {
  const end = performance.now() + PATIENCE
  while (!holds()) {
    if (performance.now() > end) throw new Error(`did not come about within ${PATIENCE} ms: ${String(holds)}`)
    await pause(GLANCE)
  }
}
