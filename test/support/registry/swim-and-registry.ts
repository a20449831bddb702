import { textHash, type AgentListing, type RegistryChange } from '../../../kernel/contract/index.js'
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
  readonly #heard = new Map<string, Heard>()
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
      const heard = new Heard()
      registry.onChange(changes => { heard.note(changes) }, new AbortController().signal)
      this.#heard.set(nodeId, heard)
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

  /** A node that heard of other changes than the first one, or knows another number of agents; undefined if there is none. */
  dissenter (): string | undefined {
    const pictures = [...this.registries].map(([nodeId, registry]) =>
      ({ nodeId, hash: this.#heard.get(nodeId)?.hash, count: registry.count() }))
    const [first] = pictures
    return pictures.find(({ hash, count }) => hash !== first?.hash || count !== first?.count)?.nodeId
  }

  /** How many different pictures of the whole cluster there are: what each node answers, and what it told of changes. */
  pictures (): number {
    const told = [...this.#heard.values()].map(heard => heard.picture())
    return new Set([...this.registries.values()].map(pictureOf).concat(told)).size
  }

  async stop (): Promise<void> {
    for (const registry of this.registries.values()) await registry.stop()
    await this.swim.stop()
  }
}

function pictureOf (registry: GossipRegistry): string {
  const lines = registry.nodes().flatMap(nodeId =>
    [...registry.ofNode(nodeId)].map(listing => lineOf(`${nodeId} ${listing.name}`, listing)))
  return lines.toSorted().join('\n')
}

/** What a registry said had changed. */
class Heard {
  readonly #listings = new Map<string, AgentListing>()
  /** Stands for all of it, whatever the order. */
  hash = 0

  note (changes: readonly RegistryChange[]): void {
    for (const { nodeId, name, listing } of changes) {
      const key = `${nodeId} ${name}`
      const before = this.#listings.get(key)
      if (before) this.hash = this.hash - textHash(lineOf(key, before)) >>> 0
      if (listing) this.hash = this.hash + textHash(lineOf(key, listing)) >>> 0
      if (listing) this.#listings.set(key, listing)
      else this.#listings.delete(key)
    }
  }

  picture (): string {
    return [...this.#listings].map(([key, listing]) => lineOf(key, listing)).toSorted().join('\n')
  }
}

const lineOf = (key: string, listing: AgentListing): string => `${key} ${JSON.stringify(listing)}`
