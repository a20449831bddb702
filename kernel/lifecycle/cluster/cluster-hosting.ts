import type {
  AgentRegistry, Clock, Health, Logger, MemberChange, Membership, Metrics, Placement, PluginLife, SecurityEvents, Store, Tracer,
} from '../../contract/index.js'
import type { PeerLinks } from '../../routing/remote/peer-links.js'
import { RemoteAgents } from '../../routing/remote/remote-agents.js'
import { RemotePost } from '../../routing/remote/remote-post.js'
import { HopSpans } from '../../routing/tracing/hop-spans.js'
import type { AgentHosting } from '../agents/agent-hosting.js'
import type { ClusterConfiguration } from '../configuration/kernel-schema.js'
import { AgentsHere } from '../agents/agents-here.js'
import { AgentsOfCluster } from './agents-of-cluster.js'
import type { ClusterDeeds } from './cluster-deeds.js'
import { CLUSTER_MIGRATIONS } from './cluster-store.js'
import { Failover } from './failover.js'
import { Fencing } from './fencing.js'
import { gossipFigures, showGossipFigures } from './gossip-figures.js'
import { HeldWriteReplay } from './held-write-replay.js'
import { Incidents } from './incidents.js'
import { LostClaims } from './lost-claims.js'
import { noteMembers } from './member-events.js'
import { OwnListings } from './own-listings.js'
import { QueuedWrites } from './queued-writes.js'
import { Reconciliation } from './reconciliation.js'
import { RegistryMirror } from './registry-mirror.js'
import { RemoteSweep } from './remote-sweep.js'

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
  readonly settings: Pick<ClusterConfiguration, 'copies' | 'adopt_after' | 'fence_after' | 'queued_writes'>
  readonly clock: Clock
  readonly metrics: Metrics
  readonly log: Logger
  readonly events: SecurityEvents
  readonly tracer: Tracer
}

/** Makes this node's agents part of a cluster: what other nodes host can be written to, and they hear of what this one hosts. */
export class ClusterHosting implements PluginLife {
  readonly agents: RemoteAgents
  readonly post: RemotePost
  readonly incidents = new Incidents()
  readonly everywhere: AgentsOfCluster
  readonly failover: Failover | undefined
  readonly writes: QueuedWrites
  readonly fencing: Fencing
  readonly #reconciliation: Reconciliation
  readonly #claims: LostClaims
  readonly #listings: OwnListings
  readonly #mirror: RegistryMirror
  readonly #sweep: RemoteSweep
  readonly #ended = new AbortController()

  constructor (private readonly parts: ClusterHostingParts) {
    const { self, hosting, links, registry, membership, clock, log } = parts
    const { main: { post, endpoints, durable }, tables } = hosting
    this.agents = new RemoteAgents(tables.directory, {
      add: handle => endpoints.add(handle, this.post), remove: handle => endpoints.delete(handle),
      gone: handles => hosting.conversations.lose(handles, 'AGENT_NOT_FOUND'),
    }, () => clock.elapsed())
    this.#sweep = new RemoteSweep(this.agents, clock)
    this.post = new RemotePost({
      self, post, clock, log,
      agents: this.agents,
      directory: tables.directory,
      policy: () => tables.policy,
      arrivals: durable.arrivals,
      outcomes: durable.delivery,
      claimOf: name => hosting.agents.roster.ofName(name)?.plan.claim ?? 0,
      send: (nodeId, frame, lost) => links.send(nodeId, frame, lost),
      hops: new HopSpans(parts.tracer),
    })
    this.#listings = new OwnListings({ self, registry, tables, clock, roster: hosting.agents.roster })
    const { roster, moving } = hosting.agents
    this.#claims = new LostClaims({
      self, roster, moving, log, agents: this.agents, incidents: this.incidents, settled: name => this.#mirror.look(name),
    })
    this.#mirror = new RegistryMirror({
      self, registry, membership, tables, agents: this.agents,
      isUnderWay: name => this.#listings.isUnderWay(name),
      contested: (name, other) => {
        // While it moves, both nodes have it for a moment.
        if (!this.everywhere.mover.isMoving(name)) void this.#claims.contested(name, other)
      },
    })
    const { placement, settings } = parts
    this.failover = placement === undefined ? undefined : new Failover({
      ...parts, placement, agents: this.agents, peers: links, incidents: this.incidents,
      copies: settings.copies, adoptAfter: settings.adopt_after,
    })
    this.everywhere = new AgentsOfCluster({
      ...parts, peers: links, agents: this.agents, incidents: this.incidents, look: name => this.#mirror.look(name),
      moved: name => this.#listings.moved(name),
    })
    this.writes = this.#queuedWrites()
    this.fencing = new Fencing({ self, roster, moving, clock, log, incidents: this.incidents, after: settings.fence_after })
    this.#reconciliation = new Reconciliation({
      self, membership, registry, clock, log, fencing: this.fencing, writes: this.writes, losing: () => this.#claims.count,
    })
  }

  #queuedWrites (): QueuedWrites {
    const { self, store, membership, registry, hosting, settings, clock, log } = this.parts
    const replay = new HeldWriteReplay(this.everywhere, new AgentsHere(hosting), this.#ended.signal)
    return new QueuedWrites({
      self, store, clock, log,
      isWritable: () => membership.view().isWritable,
      claimOf: name => hosting.agents.roster.ofName(name)?.plan.claim ?? registry.find(name)?.listing.claim ?? 0,
      apply: write => replay.apply(write),
      limit: settings.queued_writes,
      incidents: this.incidents,
    })
  }

  /** Undefined where nothing places agents. */
  get deeds (): ClusterDeeds | undefined {
    const { moves } = this.everywhere
    if (this.parts.placement === undefined) return undefined
    return {
      leave: (within, force, signal) => moves.leave(within, force, signal),
      rebalance: (dry, signal) => moves.rebalance(dry, signal),
      queuedWrites: () => this.writes.count,
      onIncident: (happened, signal) => this.incidents.on(happened, signal),
    }
  }

  async start (): Promise<void> {
    const { hosting, links, membership, registry, store, events } = this.parts
    const { signal } = this.#ended
    noteMembers(membership, events, signal)
    await store.migrate(CLUSTER_MIGRATIONS)
    await this.failover?.open()
    await this.writes.open()
    hosting.writes = this.writes
    hosting.elsewhere = this.everywhere
    hosting.agentChanged = name => {
      this.#listings.changed(name)
      this.failover?.copies.changed(name)
    }
    registry.onChange(changes => {
      this.#mirror.changed(changes)
      this.#listings.heard(changes)
      this.everywhere.changed(changes)
    }, signal)
    membership.onChange(change => this.#memberChanged(change), signal)
    links.onLink((nodeId, isOpen) => { if (!isOpen) this.post.unreachable(nodeId) }, signal)
    const roads = await links.open({ receive: (nodeId, frame) => {
      this.post.arrive(nodeId, frame)
      hosting.main.loop.expectAnswer()
    } })
    this.#listings.open()
    this.#mirror.everything()
    membership.onView(view => this.#reconciliation.seen(view), signal)
    membership.advertise(roads)
    this.failover?.begin(signal)
    this.#measure()
    this.#sweep.start()
  }

  async stop (): Promise<void> {
    this.#sweep.stop()
    this.parts.hosting.agentChanged = () => {}
    this.parts.hosting.elsewhere = undefined
    this.parts.hosting.writes = undefined
    this.everywhere.close()
    await this.#reconciliation.close()
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
    if (kind === 'died' || kind === 'left' || kind === 'removed') {
      this.post.unreachable(member.nodeId)
      this.parts.hosting.conversations.lose(this.agents.ofNode(member.nodeId), 'NODE_UNREACHABLE')
    }
    // Whatever it still lists ends with it: it is no node of the cluster any more.
    if (kind === 'left' || kind === 'removed') this.parts.registry.forget(member.nodeId)
    if (kind === 'joined' || kind === 'back' || kind === 'updated') this.parts.links.wake(member.nodeId)
    if (kind !== 'suspected') this.#mirror.nodeChanged(member.nodeId)
    this.failover?.memberChanged(change)
  }

  #measure (): void {
    const { metrics, membership } = this.parts
    showGossipFigures(metrics, () => gossipFigures(membership, this.parts))
    const known = metrics.gauge('caxton_remote_agents_known', 'Agents of other nodes that this node can write to.')
    const passed = metrics.counter(
      'caxton_remote_messages_total', 'Messages that went to other nodes, came from them, or were refused.', ['what'])
    const counted = new Map<string, number>()
    const missing = metrics.gauge('caxton_agent_copies_missing',
      'Agents of this node of which not every copy on other nodes is there, and the latest.')
    metrics.onCollect(() => {
      missing.set(this.failover?.copies.missing ?? 0)
      known.set(this.agents.size)
      const { figures } = this.post
      for (const [what, count] of Object.entries(figures)) {
        passed.add(count - (counted.get(what) ?? 0), { what })
        counted.set(what, count)
      }
    })
  }
}
