import type {
  AgentRegistry, Clock, Health, Logger, MemberChange, Membership, Metrics, Placement, PluginLife, Store,
} from '../../contract/index.js'
import type { PeerLinks } from '../../routing/remote/peer-links.js'
import { RemoteAgents } from '../../routing/remote/remote-agents.js'
import { RemotePost } from '../../routing/remote/remote-post.js'
import type { AgentHosting } from '../agents/agent-hosting.js'
import type { ClusterConfiguration } from '../configuration/kernel-schema.js'
import { Failover } from './failover.js'
import { Incidents } from './incidents.js'
import { LostClaims } from './lost-claims.js'
import { OwnListings } from './own-listings.js'
import { RegistryMirror } from './registry-mirror.js'

/** How often senders are forgotten who are listed nowhere, and after what silence, in milliseconds. */
const SWEEP = 60_000
const SILENCE = 600_000

/** What {@link ClusterHosting} works with. */
export interface ClusterHostingParts {
  readonly self: string
  readonly hosting: AgentHosting
  readonly links: PeerLinks
  readonly membership: Membership
  readonly registry: AgentRegistry
  /** Undefined: agents stay where they were deployed, and end with their node. */
  readonly placement: Placement | undefined
  readonly store: Store
  readonly settings: Pick<ClusterConfiguration, 'copies' | 'adopt_after'>
  readonly clock: Clock
  readonly metrics: Metrics
  readonly log: Logger
}

/** Makes this node's agents part of a cluster: what other nodes host can be written to, and they hear of what this one hosts. */
export class ClusterHosting implements PluginLife {
  readonly agents: RemoteAgents
  readonly post: RemotePost
  readonly incidents = new Incidents()
  readonly failover: Failover | undefined
  readonly #claims: LostClaims
  readonly #listings: OwnListings
  readonly #mirror: RegistryMirror
  readonly #ended = new AbortController()

  constructor (private readonly parts: ClusterHostingParts) {
    const { self, hosting, links, registry, membership, clock, log } = parts
    const { main: { post, endpoints, durable }, tables } = hosting
    this.agents = new RemoteAgents(tables.directory, {
      add: handle => endpoints.add(handle, this.post), remove: handle => endpoints.delete(handle),
    }, () => clock.elapsed())
    this.post = new RemotePost({
      self, post, clock, log,
      agents: this.agents,
      directory: tables.directory,
      arrivals: durable.arrivals,
      outcomes: durable.delivery,
      claimOf: name => hosting.agents.roster.ofName(name)?.plan.claim ?? 0,
      send: (nodeId, frame, lost) => links.send(nodeId, frame, lost),
    })
    this.#listings = new OwnListings({ registry, tables, clock, roster: hosting.agents.roster })
    const { roster, moving } = hosting.agents
    this.#claims = new LostClaims({
      self, roster, moving, log, agents: this.agents, incidents: this.incidents, settled: name => this.#mirror.look(name),
    })
    this.#mirror = new RegistryMirror({
      self, registry, membership, tables, agents: this.agents,
      contested: (name, other) => void this.#claims.contested(name, other),
    })
    const { placement, settings } = parts
    this.failover = placement === undefined ? undefined : new Failover({
      ...parts, placement, agents: this.agents, peers: links, incidents: this.incidents,
      copies: settings.copies, adoptAfter: settings.adopt_after,
    })
  }

  async start (): Promise<void> {
    const { hosting, links, membership, registry } = this.parts
    const { signal } = this.#ended
    await this.failover?.open()
    hosting.agentChanged = name => {
      this.#listings.changed(name)
      this.failover?.copies.changed(name)
    }
    registry.onChange(changes => this.#mirror.changed(changes), signal)
    membership.onChange(change => this.#memberChanged(change), signal)
    links.onLink((nodeId, isOpen) => { if (!isOpen) this.post.unreachable(nodeId) }, signal)
    const roads = await links.open({ receive: (nodeId, frame) => this.post.arrive(nodeId, frame) })
    this.#listings.open()
    this.#mirror.everything()
    membership.advertise(roads)
    this.failover?.begin(signal)
    this.#measure()
    this.#sweep()
  }

  async stop (): Promise<void> {
    this.parts.hosting.agentChanged = () => {}
    this.failover?.close()
    this.#listings.close()
    this.#ended.abort()
    await this.parts.links.close()
  }

  health (): Health {
    const { unknown } = this.agents
    if (unknown === 0) return { state: 'ready' }
    return { state: 'degraded', detail: `${unknown} agents of other nodes are more than this node can know` }
  }

  #memberChanged (change: MemberChange): void {
    const { kind, member } = change
    if (member.nodeId === this.parts.self) return
    if (kind === 'died' || kind === 'left' || kind === 'removed') this.post.unreachable(member.nodeId)
    if (kind === 'joined' || kind === 'back' || kind === 'updated') this.parts.links.wake(member.nodeId)
    if (kind !== 'suspected') this.#mirror.nodeChanged(member.nodeId)
    this.failover?.memberChanged(change)
  }

  #sweep (): void {
    if (this.#ended.signal.aborted) return
    this.agents.sweep(SILENCE)
    const timer = this.parts.clock.after(SWEEP, () => this.#sweep())
    this.#ended.signal.addEventListener('abort', () => timer.cancel(), { once: true })
  }

  #measure (): void {
    const { metrics } = this.parts
    const known = metrics.gauge('caxton_remote_agents_known', 'Agents of other nodes that this node can write to.')
    const passed = metrics.gauge('caxton_remote_messages', 'Messages that went to other nodes, came from them, or were refused.')
    metrics.onCollect(() => {
      known.set(this.agents.size)
      const { figures } = this.post
      for (const [what, count] of Object.entries(figures)) passed.set(count, { what })
    })
  }
}
