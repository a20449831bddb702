import type { MessageInitShape } from '@bufbuild/protobuf'
import type {
  Agent, AgentLogsRequest, AgentLogsResponse, AgentManifest, AgentSchema, DeployResponseSchema, InspectAgentResponseSchema,
  QuarantineAgentRequest, StopAgentRequest,
} from '../../contract/index.js'
import type { CapabilityRegistry } from '../../routing/capabilities/capability-registry.js'
import { shownOffer } from '../../routing/capabilities/directory-search.js'
import { AGENT_FIGURE, type ShardCounters } from '../shards/shard-memory.js'
import type { AgentAdmission } from './agent-admission.js'
import type { AgentLogs } from './agent-logs.js'
import { limitsOf, shownStrategy } from './agent-plan.js'
import type { AgentsElsewhere } from './agents-elsewhere.js'
import type { AgentRecord } from './agent-record.js'
import type { Agents } from './agents.js'
import { rolloutShown } from './rollout-shown.js'

const LOG_LINES = 100
const DRAIN = 30_000
const LONGEST_DRAIN = 600_000

/** What the operations on this node's own agents reach. */
export interface AgentsHereMain {
  readonly agents: Agents
  readonly admission: Pick<AgentAdmission, 'signerOf'>
  readonly agentLogs: AgentLogs
  readonly counters: readonly ShardCounters[]
  readonly capabilities: Pick<CapabilityRegistry, 'ofAgent'>
  /** Undefined on a server that stands alone. */
  readonly elsewhere: AgentsElsewhere | undefined
}

type Named = { readonly name: string }
/** An agent as the operations show it. */
export type ShownAgent = Omit<Agent, '$typeName'> & MessageInitShape<typeof AgentSchema>
type Shown = { readonly agent: ShownAgent }
type RolloutPart = Pick<MessageInitShape<typeof InspectAgentResponseSchema>, 'rollout' | 'rolloutOutcome'>

/** The operations on this node's own agents, whichever node they were asked of: they translate, and leave the work to {@link Agents}. */
export class AgentsHere {
  constructor (private readonly main: AgentsHereMain) {}

  async deploy (manifest: AgentManifest, module: Uint8Array): Promise<MessageInitShape<typeof DeployResponseSchema>> {
    const { record, changed } = await this.main.agents.deploy(manifest, module)
    return { agent: this.shown(record), changed }
  }

  async inspect ({ name }: Named): Promise<MessageInitShape<typeof InspectAgentResponseSchema>> {
    const { agents, capabilities } = this.main
    const record = agents.find(name)
    return {
      agent: this.shown(record),
      permissions: [...record.plan.permissions],
      limits: limitsOf(record.plan),
      capabilities: capabilities.ofAgent(record.address.handle).map(offered => JSON.stringify(shownOffer(offered))),
      memoryBytes: BigInt(this.#figure(record, AGENT_FIGURE.memory)),
      moduleBytes: BigInt(record.prepared?.codeBytes ?? 0),
      fuelUsed: BigInt(this.#figure(record, AGENT_FIGURE.fuel)),
      mailboxMessages: this.#figure(record, AGENT_FIGURE.mailbox),
      messagesSent: BigInt(this.#figure(record, AGENT_FIGURE.sent)),
      delivery: record.plan.delivery,
      signedBy: this.#signerOf(record),
      denied: BigInt(this.#figure(record, AGENT_FIGURE.denied)),
      ...this.#rolloutOf(name),
    }
  }

  async * logs ({ name, lines, follow }: AgentLogsRequest, signal: AbortSignal): AsyncGenerator<AgentLogsResponse> {
    const { agents, agentLogs } = this.main
    agents.find(name)
    const count = lines === 0 ? LOG_LINES : lines
    if (follow) yield * agentLogs.follow(name, count, signal)
    else yield * agentLogs.latest(name, count)
  }

  async start ({ name }: Named): Promise<Shown> {
    return { agent: this.shown(await this.main.agents.start(name)) }
  }

  async stop ({ name, drainMilliseconds }: StopAgentRequest): Promise<Shown> {
    const drain = drainMilliseconds === 0 ? DRAIN : Math.min(drainMilliseconds, LONGEST_DRAIN)
    return { agent: this.shown(await this.main.agents.stop(name, drain)) }
  }

  async promote ({ name }: Named): Promise<Shown> {
    return { agent: this.shown(await this.main.agents.promote(name)) }
  }

  async rollback ({ name }: Named): Promise<Shown> {
    return { agent: this.shown(await this.main.agents.rollback(name)) }
  }

  async quarantine ({ name, reason }: QuarantineAgentRequest): Promise<Shown> {
    return { agent: this.shown(await this.main.agents.quarantine.quarantine(name, reason)) }
  }

  async release ({ name }: Named): Promise<Shown> {
    return { agent: this.shown(await this.main.agents.quarantine.release(name)) }
  }

  async remove ({ name }: Named): Promise<Record<string, never>> {
    await this.main.agents.remove(name)
    return {}
  }

  shown (record: AgentRecord): ShownAgent {
    return {
      name: record.name,
      state: record.state,
      quarantined: record.quarantined,
      reason: record.reason,
      module: record.plan.module,
      deployedAt: BigInt(record.plan.deployedAt),
      startedAt: BigInt(record.startedAt),
      shard: (record.place?.shard ?? -1) + 1,
      messagesHandled: BigInt(this.#figure(record, AGENT_FIGURE.handled)),
      messagesFailed: BigInt(this.#figure(record, AGENT_FIGURE.failed)),
      restarts: record.restarts,
      version: record.plan.version,
      group: record.plan.group?.name ?? '',
      groupStrategy: shownStrategy(record.plan.group),
      groupOrder: record.plan.group?.order ?? 0,
      node: this.main.elsewhere?.self ?? '',
    }
  }

  /** An agent whose signature does not hold does not run, and is shown all the same. */
  #signerOf ({ plan }: AgentRecord): string {
    try {
      return this.main.admission.signerOf(plan) ?? ''
    } catch {
      return ''
    }
  }

  /** The roll-out of an agent, if there is one, and how the latest one ended. */
  #rolloutOf (name: string): RolloutPart {
    const { rollouts } = this.main.agents
    const rollout = rollouts.of(name)
    const rolloutOutcome = rollouts.outcome(name)
    if (rollout === undefined) return { rolloutOutcome }
    const other = rollout.staying === rollout.next ? rollout.old : rollout.next
    const withheld = BigInt(this.#figure(rollout.next, AGENT_FIGURE.withheld))
    return { rolloutOutcome, rollout: { ...rolloutShown(rollout), other: this.shown(other), withheld } }
  }

  #figure ({ place }: AgentRecord, which: number): number {
    return place === undefined ? 0 : this.main.counters[place.shard]?.readAgent(place.slot, which) ?? 0
  }
}
