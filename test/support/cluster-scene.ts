import type {
  AgentListing, AgentRegistry, ClusterView, LocatedAgent, Member, MemberChange, Membership, NodeRoad, RegistryChange, SecurityEvent,
  Standing,
} from '../../kernel/contract/index.js'
import { ClusterHosting } from '../../kernel/lifecycle/cluster/cluster-hosting.js'
import { MetricsRegistry } from '../../kernel/observability/metrics.js'
import { SystemClock } from '../../kernel/observability/system-clock.js'
import { SystemRandom } from '../../kernel/observability/system-random.js'
import { PeerLinks } from '../../kernel/routing/remote/peer-links.js'
import { MemoryStore } from '../../plugins/store-memory/memory-store.js'
import { MemoryNetwork } from '../../plugins/transport-memory/memory-network.js'
import { MemoryTransport } from '../../plugins/transport-memory/memory-transport.js'
import { SCENE_PLACEMENT } from './scene-placement.js'
import { TestHosting } from './hosting.js'
import { RecordingLogger } from './recording-logger.js'

const RULES = { queue: 1024 * 1024, dialTimeout: 1_000, failures: 3, open: 60_000, delay: 10 }
const MEMORY = { latency: 0, largest_frame: 2 * 1024 * 1024, queue: 4 * 1024 * 1024 }

/** What the nodes of a scene agree on without any protocol: who lives, and which agent is where. */
export class SceneFacts {
  readonly members = new Map<string, Member>()
  readonly #listings = new Map<string, Map<string, AgentListing>>()
  readonly #memberListeners = new Set<(change: MemberChange) => void>()
  readonly #listingListeners = new Set<(changes: readonly RegistryChange[]) => void>()
  readonly #standings = new Map<string, Standing>()
  readonly #viewListeners = new Set<(nodeId: string) => void>()
  readonly doubted: string[] = []
  /** What everybody knows while nothing new gets around. */
  #frozen: Map<string, Map<string, AgentListing>> | undefined

  /** What nodes host gets around no more, until {@link thaw}. */
  freeze (): void {
    this.#frozen = new Map([...this.#listings].map(([nodeId, all]) => [nodeId, new Map(all)]))
  }

  thaw (): void {
    const before = this.#frozen
    this.#frozen = undefined
    for (const [nodeId, old] of before ?? []) {
      const now = this.#listings.get(nodeId)
      for (const name of new Set([...old.keys(), ...now?.keys() ?? []])) this.#tell([{ nodeId, name, listing: now?.get(name) }])
    }
  }

  /** What a node says of an agent of its own. */
  listing (nodeId: string, name: string): AgentListing | undefined {
    return this.#listings.get(nodeId)?.get(name)
  }

  get #known (): Map<string, Map<string, AgentListing>> {
    return this.#frozen ?? this.#listings
  }

  #tell (changes: readonly RegistryChange[]): void {
    if (this.#frozen === undefined) for (const listener of this.#listingListeners) listener(changes)
  }

  /** A node stands otherwise from now on. */
  stand (nodeId: string, standing: Standing): void {
    this.#standings.set(nodeId, standing)
    for (const listener of this.#viewListeners) listener(nodeId)
  }

  /** A node is in another state from now on. */
  set (nodeId: string, kind: MemberChange['kind'], changes: Partial<Member>): void {
    const before = this.members.get(nodeId) ?? {
      nodeId, host: 'memory', gossipPort: 0, state: 'alive', incarnation: 1, since: 0, isCaxton: true, zone: 'a', version: '0.1.0',
      roads: [], roundTrip: undefined,
    }
    const member: Member = { ...before, ...changes }
    this.members.set(nodeId, member)
    for (const listener of this.#memberListeners) listener({ kind, member, because: '' })
  }

  /** The membership as one node sees it. */
  membership (nodeId: string): Membership {
    const self = (): Member => this.members.get(nodeId) ?? (() => { throw new RangeError(nodeId) })()
    const view = (): ClusterView => {
      const standing = this.#standings.get(nodeId) ?? 'normal'
      return { standing, since: 0, admitted: this.members.size, reachable: this.members.size, isWritable: standing !== 'minority' }
    }
    return {
      self, view,
      members: () => [...this.members.values()],
      member: id => this.members.get(id),
      onChange: (changed, signal) => {
        this.#memberListeners.add(changed)
        signal.addEventListener('abort', () => this.#memberListeners.delete(changed))
      },
      onView: (changed, signal) => {
        const tell = (who: string): void => { if (who === nodeId) changed(view()) }
        this.#viewListeners.add(tell)
        signal.addEventListener('abort', () => this.#viewListeners.delete(tell))
      },
      advertise: (roads: readonly NodeRoad[]) => this.set(nodeId, 'joined', { roads }),
      reconciled: () => this.stand(nodeId, 'normal'),
      join: async () => 0,
      leave: async () => this.set(nodeId, 'left', { state: 'left' }),
      remove: async id => this.set(id, 'removed', { state: 'dead' }),
      ping: async () => 1,
      doubt: id => { this.doubted.push(id) },
      whisper: () => {},
    }
  }

  /** The registry as one node writes it. */
  registry (nodeId: string): AgentRegistry {
    const own = new Map<string, AgentListing>()
    this.#listings.set(nodeId, own)
    const claims = (name: string): LocatedAgent[] => [...this.#known].flatMap(([id, all]) => {
      const listing = all.get(name)
      return listing === undefined ? [] : [{ nodeId: id, listing }]
    }).sort((one, other) => other.listing.claim - one.listing.claim || (one.nodeId < other.nodeId ? -1 : 1))
    return {
      announce: listing => {
        own.set(listing.name, listing)
        this.#tell([{ nodeId, name: listing.name, listing }])
      },
      withdraw: name => {
        own.delete(name)
        this.#tell([{ nodeId, name, listing: undefined }])
      },
      find: name => claims(name)[0],
      claims,
      ofNode: id => this.#known.get(id)?.values() ?? [],
      count: id => [...this.#known].reduce((sum, [each, all]) => id === undefined || id === each ? sum + all.size : sum, 0),
      nodes: () => [...this.#known.keys()],
      onChange: (changed, signal) => {
        this.#listingListeners.add(changed)
        signal.addEventListener('abort', () => this.#listingListeners.delete(changed))
      },
      forget: id => { this.#listings.delete(id) },
      heardOf: () => 0,
    }
  }
}

/** A node of a scene: agents with real threads, linked to the other nodes in memory. */
export interface SceneNode {
  readonly nodeId: string
  readonly server: TestHosting
  readonly cluster: ClusterHosting
  readonly links: PeerLinks
  readonly log: RecordingLogger
  readonly events: ReadonlyArray<Omit<SecurityEvent, 'event'>>
  readonly transport: MemoryTransport
}

/** Several nodes in one process. */
export class ClusterScene {
  readonly facts = new SceneFacts()
  readonly #network = new MemoryNetwork()
  readonly #nodes: SceneNode[] = []

  async node (nodeId: string, sets: readonly string[] = []): Promise<SceneNode> {
    const [clock, random, log] = [new SystemClock(), new SystemRandom(), new RecordingLogger()]
    const events: Array<Omit<SecurityEvent, 'event'>> = []
    const server = await TestHosting.start(sets)
    const store = new MemoryStore({ max_size: 2 ** 30 }).scopeFor('kernel-cluster')
    const facts = { nodeId, zone: 'a', dataDirectory: '', startedAt: 0, version: '0.1.0' }
    const transport = new MemoryTransport(facts, clock, this.#network, MEMORY)
    await transport.start()
    this.facts.set(nodeId, 'joined', {})
    const membership = this.facts.membership(nodeId)
    const transports = [{ instance: 'transport-memory', service: transport }]
    const links = new PeerLinks({ self: nodeId, transports, membership, rules: RULES, clock, random, log })
    const cluster = new ClusterHosting({
      self: nodeId, membership, links, clock, log, metrics: new MetricsRegistry(), hosting: server.hosting, tracer: server.tracing.tracer,
      registry: this.facts.registry(nodeId), store, events: { note: event => events.push(event) }, placement: SCENE_PLACEMENT,
      settings: { copies: 2, adopt_after: 100, fence_after: 20, queued_writes: 3 },
    })
    const node = { nodeId, server, cluster, links, log, events, transport }
    this.#nodes.push(node)
    await cluster.start()
    return node
  }

  /** The nodes that have an agent of that name. */
  hosts (name: string): string[] {
    return this.#nodes.filter(({ server }) => server.hosting.agents.roster.ofName(name) !== undefined).map(({ nodeId }) => nodeId)
  }

  /** A node goes without a word: its links break, and the others hear that it is dead. */
  kill (node: SceneNode): void {
    node.transport.vanish()
    this.facts.set(node.nodeId, 'died', { state: 'dead' })
  }

  async stop (): Promise<void> {
    for (const { server, cluster, transport } of this.#nodes.splice(0).reverse()) {
      await cluster.stop()
      await server.stop()
      await transport.stop()
    }
  }
}
