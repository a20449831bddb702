import type { DescMessage, DescMethodUnary, MessageInitShape, MessageShape } from '@bufbuild/protobuf'
import type {
  AgentListing, AgentLogsRequest, AgentLogsResponse, AgentManifest, AgentRegistry, Clock, DeployResponseSchema, Logger, Membership,
  OperationContext, Peers, Placement, RegistryChange, SecurityEvents,
} from '../../contract/index.js'
import type { RemoteAgents } from '../../routing/remote/remote-agents.js'
import { AgentNotFound } from '../../routing/routing-errors.js'
import type { AgentHosting } from '../agents/agent-hosting.js'
import type { AboutOne, AgentsElsewhere } from '../agents/agents-elsewhere.js'
import { AgentsHere } from '../agents/agents-here.js'
import { AgentForwarding, type Asker } from './agent-forwarding.js'
import { AgentMover } from './agent-mover.js'
import { ClusterMoves } from './cluster-moves.js'
import type { Incidents } from './incidents.js'
import { livingNodes } from './living-nodes.js'
import { LogForwarding } from './log-forwarding.js'
import { NameKeeper } from './name-keeper.js'
import { PlacedDeployment } from './placed-deployment.js'

/** How often it is looked whether an agent that was just deployed is known here, and for how long at most, in milliseconds. */
const LOOK = 5
const PATIENCE = 2_000

/** What {@link AgentsOfCluster} works with. */
export interface AgentsOfClusterParts {
  readonly self: string
  readonly hosting: AgentHosting
  readonly peers: Pick<Peers, 'channel'>
  readonly membership: Membership
  readonly registry: AgentRegistry
  readonly placement: Placement | undefined
  readonly agents: RemoteAgents
  /** What the registry says of an agent is looked at again. */
  readonly look: (name: string) => void
  /** An agent of this node has gone to another one. */
  readonly moved: (name: string) => void
  readonly incidents: Incidents
  readonly clock: Clock
  readonly log: Logger
  readonly events: SecurityEvents
}

/** Makes the agents of all nodes one set to whoever deploys, asks and moves them, on whichever node. */
export class AgentsOfCluster implements AgentsElsewhere {
  readonly self: string
  readonly mover: AgentMover
  readonly moves: ClusterMoves
  readonly #forwarding: AgentForwarding
  readonly #logs: LogForwarding
  readonly #names: NameKeeper
  readonly #deployment: PlacedDeployment

  /** Takes its channels, which must happen before this node is made known to others. */
  constructor (private readonly parts: AgentsOfClusterParts) {
    const { self, hosting, membership, registry } = parts
    const { agents: { roster, moving }, agentLogs: logs, durable } = hosting
    const nodeOf = (name: string): string | undefined => this.#nodeOf(name)
    const nodes = () => livingNodes(membership, registry, roster.size)
    const isLeaving = (): boolean => this.moves.isLeaving
    this.self = self
    this.mover = new AgentMover({ ...parts, roster, moving, isLeaving })
    this.moves = new ClusterMoves({ ...parts, roster, mover: this.mover, waiting: () => durable.delivery.waiting })
    this.#forwarding = new AgentForwarding({ ...parts, here: new AgentsHere(hosting), isLeaving })
    this.#logs = new LogForwarding({ ...parts, roster, logs, nodeOf })
    this.#names = new NameKeeper({ ...parts, nodeOf, nodes: () => nodes().map(({ nodeId }) => nodeId) })
    this.#deployment = new PlacedDeployment({ ...parts, nodes, nodeOf, isLeaving, forwarding: this.#forwarding, names: this.#names })
  }

  close (): void {
    this.#names.close()
  }

  /** The registry says something else of agents. */
  changed (changes: readonly RegistryChange[]): void {
    this.#names.known(changes.map(({ name }) => name))
  }

  has (name: string): boolean {
    const node = this.#nodeOf(name)
    return node !== undefined && node !== this.self
  }

  async carry<I extends AboutOne, O extends DescMessage> (
    method: DescMethodUnary<I, O>, request: MessageShape<I>, context: OperationContext,
  ): Promise<MessageShape<O>> {
    return await this.carryFor(method, request, askerOf(context))
  }

  /** The same for whoever asked earlier. */
  async carryFor<I extends AboutOne, O extends DescMessage> (
    method: DescMethodUnary<I, O>, request: MessageShape<I>, asker: Asker,
  ): Promise<MessageShape<O>> {
    const node = this.#nodeOf(request.name)
    if (node === undefined) throw AgentNotFound({ name: request.name })
    return await this.#forwarding.carry(node, method, request, asker)
  }

  logs (request: AgentLogsRequest, { signal }: OperationContext): AsyncIterable<AgentLogsResponse> {
    return this.#logs.read(request, signal)
  }

  deploy (manifest: AgentManifest, module: Uint8Array, context: OperationContext): Promise<MessageInitShape<typeof DeployResponseSchema>> {
    return this.deployFor(manifest, module, askerOf(context))
  }

  /** The same for whoever asked earlier. */
  async deployFor (
    manifest: AgentManifest, module: Uint8Array, asker: Asker,
  ): Promise<MessageInitShape<typeof DeployResponseSchema>> {
    const answer = await this.#deployment.deploy(manifest, module, asker)
    await this.#untilKnown([answer.agent, ...answer.replicas ?? []].flatMap(agent => agent?.name ?? []), asker.signal)
    return answer
  }

  /** Whoever deployed an agent writes to it next: it is to be known here by then. */
  async #untilKnown (names: readonly string[], signal: AbortSignal): Promise<void> {
    const { clock } = this.parts
    const until = clock.elapsed() + PATIENCE
    while (names.some(name => this.#nodeOf(name) === undefined) && clock.elapsed() < until && !signal.aborted) {
      await new Promise<void>(resolve => { clock.after(LOOK, resolve) })
    }
  }

  * list (): Generator<{ readonly nodeId: string, readonly listing: AgentListing }> {
    const { registry, hosting: { agents: { roster } } } = this.parts
    for (const nodeId of registry.nodes()) {
      if (nodeId === this.self) continue
      for (const listing of registry.ofNode(nodeId)) {
        // While it moves, or is claimed by several, it is shown once.
        if (roster.ofName(listing.name) === undefined && registry.find(listing.name)?.nodeId === nodeId) yield { nodeId, listing }
      }
    }
  }

  /** The node that hosts an agent: this one, or that of which the registry says so. */
  #nodeOf (name: string): string | undefined {
    const { hosting: { agents: { roster } }, agents, registry } = this.parts
    if (roster.ofName(name) !== undefined) return this.self
    const known = agents.ofName(name)
    const node = known?.isListed === true ? known.nodeId : registry.find(name)?.nodeId
    return node === this.self ? undefined : node
  }
}

const askerOf = ({ principal, signal }: OperationContext): Asker => ({ caller: principal.name, signal })
