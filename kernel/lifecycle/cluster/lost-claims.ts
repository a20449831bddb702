import type { LocatedAgent, Logger } from '../../contract/index.js'
import type { RemoteAgents } from '../../routing/remote/remote-agents.js'
import type { AgentMoving } from '../agents/agent-moving.js'
import type { AgentRoster } from '../agents/agent-roster.js'
import type { Incidents } from './incidents.js'

/** What {@link LostClaims} work with. */
export interface LostClaimsParts {
  readonly self: string
  readonly roster: Pick<AgentRoster, 'ofName'>
  readonly moving: Pick<AgentMoving, 'letGo'>
  readonly agents: Pick<RemoteAgents, 'takeOver'>
  /** The agent is another node's from now on. */
  readonly settled: (name: string) => void
  readonly incidents: Incidents
  readonly log: Logger
}

/** Ends agents that another node has with a better claim. What waits for them here follows them there. */
export class LostClaims {
  readonly #underWay = new Set<string>()

  constructor (private readonly parts: LostClaimsParts) {}

  /** How many agents are just being given up. */
  get count (): number {
    return this.#underWay.size
  }

  /** This node hosts an agent, and another one has the better claim to it. */
  async contested (name: string, { nodeId, listing }: LocatedAgent): Promise<void> {
    const { roster, moving, agents, settled, incidents, log } = this.parts
    const record = roster.ofName(name)
    if (record === undefined || this.#underWay.has(name)) return
    // What this node has just taken over is not in the registry yet.
    const { claim } = record.plan
    if (listing.claim < claim || (listing.claim === claim && this.parts.self < nodeId)) return
    this.#underWay.add(name)
    try {
      log.warn('an agent is stopped here: another node has it with a better claim', { agent: name, node: nodeId, claim: listing.claim })
      const address = await moving.letGo(name)
      agents.takeOver(name, address, nodeId, listing.claim)
      incidents.tell({ kind: 'conflict', nodeId, sentence: `agent ${name} is ${nodeId}'s: the one that was here has been stopped` })
    } catch (error) {
      log.error('an agent that is another node\'s could not be stopped here', { agent: name, cause: String(error) })
    } finally {
      this.#underWay.delete(name)
      settled(name)
    }
  }
}
