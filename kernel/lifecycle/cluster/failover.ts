import type {
  AgentRegistry, Clock, Logger, MemberChange, Membership, Peers, PlaceableNode, Placement, Store,
} from '../../contract/index.js'
import type { RemoteAgents } from '../../routing/remote/remote-agents.js'
import type { AgentHosting } from '../agents/agent-hosting.js'
import { Adoption } from './adoption.js'
import { AgentCopies } from './agent-copies.js'
import { CopyKeeper } from './copy-keeper.js'
import type { Incidents } from './incidents.js'
import { livingNodes } from './living-nodes.js'

/** What {@link Failover} works with. */
export interface FailoverParts {
  readonly self: string
  readonly hosting: AgentHosting
  readonly agents: RemoteAgents
  readonly peers: Pick<Peers, 'channel'>
  readonly membership: Membership
  readonly registry: AgentRegistry
  readonly placement: Placement
  readonly store: Store
  /** Nodes that shall have a copy of each agent. */
  readonly copies: number
  /** Milliseconds after a node's death until others take its agents over. */
  readonly adoptAfter: number
  readonly incidents: Incidents
  readonly clock: Clock
  readonly log: Logger
}

/** Sees to it that agents outlive their node: copies on other nodes beforehand, adoption by them afterwards. */
export class Failover {
  readonly keeper: CopyKeeper
  readonly copies: AgentCopies
  readonly adoption: Adoption

  constructor (private readonly parts: FailoverParts) {
    const { self, hosting: { agents: { roster, moving } }, agents, peers, membership, registry, placement } = parts
    const { store, incidents, clock, log } = parts
    const keeper = this.keeper = new CopyKeeper(store)
    const channel = peers.channel('copies', { asked: (_nodeId, bytes) => keeper.answer(bytes) })
    this.copies = new AgentCopies({
      roster, placement, membership, channel, clock, log,
      copies: parts.copies,
      nodes: () => this.survivors(),
      module: hash => parts.hosting.moduleOf(hash),
    })
    this.adoption = new Adoption({
      self, membership, registry, placement, keeper, channel, moving, incidents, clock, log,
      survivors: () => this.survivors(),
      release: name => agents.release(name),
      after: parts.adoptAfter,
    })
  }

  async open (): Promise<void> {
    await this.keeper.open()
  }

  /** Begins, when this node is part of the cluster. */
  begin (signal: AbortSignal): void {
    const { membership } = this.parts
    membership.onView(() => this.adoption.lookAgain(), signal)
    this.copies.open()
    this.adoption.lookAgain()
  }

  close (): void {
    this.adoption.close()
    this.copies.close()
  }

  memberChanged ({ kind, member }: MemberChange): void {
    if (kind === 'died') this.adoption.died(member)
    else if (kind !== 'suspected') this.adoption.back(member.nodeId)
    if (kind !== 'suspected' && kind !== 'updated') this.copies.nodesChanged()
  }

  /** Nodes that can run agents, this one first. */
  survivors (): readonly PlaceableNode[] {
    const { membership, registry, hosting: { agents: { roster } } } = this.parts
    return livingNodes(membership, registry, roster.size)
  }
}
