import type { AgentListing, RegistryChange } from '../../../kernel/contract/index.js'
import { GossipRegistry } from '../../../plugins/registry-gossip/gossip-registry.js'
import { MemoryStore } from '../../../plugins/store-memory/memory-store.js'
import { SimulatedCluster } from '../cluster-swim/simulated-cluster.js'
import { noMetrics } from '../quiet-context.js'
import { SeededRandom } from '../seeded-random.js'
import { REGISTRY_CONFIG } from './registry-simulation.js'
import { SimulatedLinks } from './simulated-peers.js'

/** The membership and the registry of many nodes, on one simulated network that can be parted. */
export class SwimAndRegistry {
  readonly swim: SimulatedCluster
  readonly links: SimulatedLinks
  readonly registries = new Map<string, GossipRegistry>()
  readonly #known = new Map<string, Map<string, AgentListing>>()
  readonly #random: SeededRandom

  constructor (readonly seed: number) {
    this.swim = new SimulatedCluster(seed)
    this.#random = new SeededRandom(seed + 1)
    this.links = new SimulatedLinks(this.swim.time, this.#random)
  }

  /** `node-1` and so on. */
  async start (count: number): Promise<void> {
    await this.swim.start(count)
    for (const { name: nodeId, swim } of this.swim.nodes.values()) {
      const facts = { nodeId, zone: 'a', dataDirectory: '', startedAt: 0, version: '0.1.0' }
      const store = new MemoryStore({ max_size: 2 ** 20 }).scopeFor('registry-gossip')
      const registry = new GossipRegistry(facts, this.swim.time, this.#random, store, this.links.join(nodeId), swim,
        noMetrics, REGISTRY_CONFIG, this.swim.node(nodeId).log)
      const known = new Map<string, AgentListing>()
      registry.onChange(changes => { note(known, changes) }, new AbortController().signal)
      this.#known.set(nodeId, known)
      this.registries.set(nodeId, registry)
      await registry.start(new AbortController().signal)
    }
  }

  registry (nodeId: string): GossipRegistry {
    const registry = this.registries.get(nodeId)
    if (!registry) throw new Error(`there is no ${nodeId}`)
    return registry
  }

  /** Nothing gets from one side to the other, neither probes nor links, until {@link heal}. */
  part (side: (nodeId: string) => number): void {
    const byHost = new Map([...this.swim.nodes.values()].map(({ name, address }) => [address.host, side(name)]))
    this.swim.split(host => byHost.get(host))
    this.links.reaches = (from, to) => side(from) === side(to)
  }

  heal (): void {
    this.swim.weather({})
    this.links.reaches = () => true
  }

  /** Which node knows other things than the first one, or hears of other changes than it knows; undefined if all agree. */
  dissenter (): string | undefined {
    const pictures = [...this.registries].map(([nodeId, registry]) => ({ nodeId, picture: pictureOf(registry), heard: this.#heard(nodeId) }))
    const [first] = pictures
    return pictures.find(({ picture, heard }) => picture !== first?.picture || heard !== picture)?.nodeId
  }

  async stop (): Promise<void> {
    for (const registry of this.registries.values()) await registry.stop()
    await this.swim.stop()
  }

  #heard (nodeId: string): string {
    return [...this.#known.get(nodeId) ?? []].map(([key, listing]) => `${key} ${JSON.stringify(listing)}`).toSorted().join('\n')
  }
}

function pictureOf (registry: GossipRegistry): string {
  const lines = registry.nodes().flatMap(nodeId =>
    [...registry.ofNode(nodeId)].map(listing => `${nodeId} ${listing.name} ${JSON.stringify(listing)}`))
  return lines.toSorted().join('\n')
}

function note (known: Map<string, AgentListing>, changes: readonly RegistryChange[]): void {
  for (const { nodeId, name, listing } of changes) {
    if (listing) known.set(`${nodeId} ${name}`, listing)
    else known.delete(`${nodeId} ${name}`)
  }
}
