import type { AgentListing, RegistryChange } from '../../../kernel/contract/index.js'
import { GossipRegistry } from '../../../plugins/registry-gossip/gossip-registry.js'
import { MemoryStore } from '../../../plugins/store-memory/memory-store.js'
import { noMetrics } from '../quiet-context.js'
import { RecordingLogger } from '../recording-logger.js'
import { SeededRandom } from '../seeded-random.js'
import { VirtualClock } from '../virtual-clock.js'
import { SimulatedLinks } from './simulated-peers.js'
import { memberOf, SimulatedMembers } from './simulated-members.js'

/** Milliseconds from the end of a node, or of the way to it, until the others take it for dead. */
const DETECTION = 3_000
export const REGISTRY_CONFIG = { push_interval: 100, heads_interval: 500, pull_timeout: 2_000, snapshots: 4, tail: 4_096 }

export type RegistryConfig = typeof REGISTRY_CONFIG

export const listingOf = (name: string, changes: Partial<AgentListing> = {}): AgentListing => ({
  name, claim: 1, state: 'running', delivery: 0, module: 'ab'.repeat(32), offers: [], topics: [], homes: [], isBound: false, ...changes,
})

/** One node: its registry, and what its registry said had changed. */
interface SimulatedNode {
  readonly nodeId: string
  readonly store: MemoryStore
  registry: GossipRegistry
  members: SimulatedMembers
  known: Map<string, AgentListing>
  isAlive: boolean
}

/** Many registries on one simulated network, in virtual time; everything follows from the seed. */
export class RegistrySimulation {
  readonly clock = new VirtualClock()
  readonly log = new RecordingLogger()
  readonly random: SeededRandom
  readonly links: SimulatedLinks
  readonly nodes = new Map<string, SimulatedNode>()
  /** Which part of a partition a node is in. */
  #side: (nodeId: string) => number = () => 0
  #broken = new Set<string>()

  constructor (readonly seed: number, private readonly config: RegistryConfig = REGISTRY_CONFIG) {
    this.random = new SeededRandom(seed)
    this.links = new SimulatedLinks(this.clock, this.random)
    this.links.reaches = (from, to) => this.#side(from) === this.#side(to) && !this.#broken.has(`${from} ${to}`)
  }

  static async of (seed: number, count: number, config?: Partial<RegistryConfig>): Promise<RegistrySimulation> {
    const simulation = new RegistrySimulation(seed, { ...REGISTRY_CONFIG, ...config })
    for (let index = 0; index < count; index++) await simulation.start(`node-${String(index).padStart(3, '0')}`)
    return simulation
  }

  node (nodeId: string): SimulatedNode {
    const node = this.nodes.get(nodeId)
    if (!node) throw new Error(`there is no ${nodeId}`)
    return node
  }

  registry (nodeId: string): GossipRegistry {
    return this.node(nodeId).registry
  }

  living (): SimulatedNode[] {
    return [...this.nodes.values()].filter(({ isAlive }) => isAlive)
  }

  /** Starts a node, or starts it again: with an empty store if it `forgets`. */
  async start (nodeId: string, forgets = false, before: (registry: GossipRegistry) => void = () => {}): Promise<void> {
    const kept = forgets ? undefined : this.nodes.get(nodeId)?.store
    const store = kept ?? new MemoryStore({ max_size: 2 ** 20 })
    const members = new SimulatedMembers(nodeId, this.clock, this.random, (to, bytes) => {
      const target = this.nodes.get(to)
      if (target?.isAlive && this.links.reaches(nodeId, to)) target.members.heard(nodeId, bytes)
    })
    const facts = { nodeId, zone: 'default', dataDirectory: '', startedAt: this.clock.now(), version: '0.1.0' }
    const registry = new GossipRegistry(facts, this.clock, this.random, store.scopeFor('registry-gossip'),
      this.links.join(nodeId), members, noMetrics, this.config, this.log)
    const known = new Map<string, AgentListing>()
    registry.onChange(changes => { note(known, changes) }, new AbortController().signal)
    before(registry)
    this.nodes.set(nodeId, { nodeId, store, registry, members, known, isAlive: true })
    this.#knowEachOther()
    await registry.start(new AbortController().signal)
    members.start()
  }

  async kill (nodeId: string): Promise<void> {
    const node = this.node(nodeId)
    node.isAlive = false
    node.members.stop()
    this.links.part(nodeId)
    await node.registry.stop()
    this.clock.after(DETECTION, () => { this.#knowEachOther() })
  }

  async end (): Promise<void> {
    for (const { nodeId } of this.living()) await this.kill(nodeId)
  }

  /** Breaks the path between two nodes, both ways. */
  breakPath (one: string, other: string): void {
    this.#broken.add(`${one} ${other}`).add(`${other} ${one}`)
  }

  /** Breaks a share of the paths between two nodes, for good, both ways. That to the next one stays whole, so that nobody is cut off. */
  breakPaths (share: number): void {
    const ids = [...this.nodes.keys()]
    for (const [index, one] of ids.entries()) {
      for (const other of ids.slice(index + 2)) if (this.random.fraction() < share) this.breakPath(one, other)
    }
  }

  mendPaths (): void {
    this.#broken.clear()
  }

  /** Parts the nodes by the answer; after a while those of other parts are taken for dead. */
  partition (side: (nodeId: string) => number): void {
    this.#side = side
    this.clock.after(DETECTION, () => { this.#knowEachOther() })
  }

  /** Turns the clock until every node knows the same of everybody; gives the milliseconds it took. Throws beyond `most`. */
  async converge (most: number, step = 20): Promise<number> {
    const began = this.clock.elapsed()
    while (this.difference() !== undefined) {
      const passed = this.clock.elapsed() - began
      if (passed >= most) throw new Error(`seed ${this.seed}: after ${passed} ms ${this.difference()}`)
      await this.clock.pass(step)
    }
    return this.clock.elapsed() - began
  }

  /** Where two living nodes differ, in words. */
  difference (): string | undefined {
    const living = this.living()
    for (const owner of this.nodes.values()) {
      const holder = owner.isAlive ? owner : living[0]
      if (!holder) return undefined
      const wanted = holder.registry.count(owner.nodeId)
      const truth = contentOf(holder.known, owner.nodeId)
      for (const { nodeId, registry, known } of living) {
        const count = registry.count(owner.nodeId)
        if (count !== wanted) return `${nodeId} knows ${count} agents of ${owner.nodeId}, not ${wanted}`
        if (contentOf(known, owner.nodeId) !== truth) return `${nodeId} knows others of ${owner.nodeId} than ${holder.nodeId}`
      }
    }
    return undefined
  }

  #knowEachOther (): void {
    for (const viewer of this.living()) {
      viewer.members.know([...this.nodes.values()].map(({ nodeId, isAlive }) =>
        memberOf(nodeId, isAlive && this.#side(nodeId) === this.#side(viewer.nodeId) ? 'alive' : 'dead')))
    }
  }
}

function note (known: Map<string, AgentListing>, changes: readonly RegistryChange[]): void {
  for (const { nodeId, name, listing } of changes) {
    const key = `${nodeId} ${name}`
    if (listing) known.set(key, listing)
    else known.delete(key)
  }
  contents.delete(known)
}

/** What was heard of each node, in one text each: kept until something changes. */
const contents = new WeakMap<Map<string, AgentListing>, Map<string, string>>()

function contentOf (known: Map<string, AgentListing>, nodeId: string): string {
  let texts = contents.get(known)
  if (!texts) {
    const lines = new Map<string, string[]>()
    for (const [key, listing] of known) {
      const owner = key.slice(0, key.indexOf(' '))
      lines.set(owner, [...lines.get(owner) ?? [], JSON.stringify(listing)])
    }
    texts = new Map([...lines].map(([owner, each]) => [owner, each.toSorted().join('\n')]))
    contents.set(known, texts)
  }
  return texts.get(nodeId) ?? ''
}
