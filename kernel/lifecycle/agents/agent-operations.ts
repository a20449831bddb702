import { Agents as AgentsService, operations, type Agent, type OperationService } from '../../contract/index.js'
import type { MessageInitShape } from '@bufbuild/protobuf'
import type { AgentSchema, Handlers, InspectAgentResponseSchema } from '../../contract/index.js'
import type { CapabilityRegistry } from '../../routing/capabilities/capability-registry.js'
import { shownOffer } from '../../routing/capabilities/directory-search.js'
import type { AgentLogs } from './agent-logs.js'
import { limitsOf, shownStrategy } from './agent-plan.js'
import type { AgentRecord } from './agent-record.js'
import type { Agents } from './agents.js'
import { rolloutShown } from './rollout-shown.js'
import { ModuleUpload } from './module-upload.js'
import { AGENT_FIGURE, type ShardCounters } from '../shards/shard-memory.js'

const LISTED = 1_000
const LOG_LINES = 100
const DRAIN = 30_000
const LONGEST_DRAIN = 600_000

/** What the handlers of the agents service reach. */
export interface AgentOperationsMain {
  readonly agents: Agents
  readonly agentLogs: AgentLogs
  readonly counters: readonly ShardCounters[]
  readonly moduleSize: number
  readonly capabilities: Pick<CapabilityRegistry, 'ofAgent'>
}

/** The operations on agents: they translate, and leave the work to {@link Agents}. */
export const agentOperations: OperationService = operations(AgentsService, (main: AgentOperationsMain): Handlers<typeof AgentsService> => ({
  async deploy (requests) {
    const upload = new ModuleUpload(main.moduleSize)
    for await (const request of requests) upload.add(request)
    const { manifest, module } = upload.complete()
    const { record, changed } = await main.agents.deploy(manifest, module)
    return { agent: shown(main, record), changed }
  },

  async list ({ prefix, limit, after }) {
    const all = main.agents.list().filter(record => record.name.startsWith(prefix))
    const page = all.filter(record => record.name > after).slice(0, limit === 0 ? LISTED : limit)
    return { agents: page.map(record => shown(main, record)), total: all.length }
  },

  async inspect ({ name }) {
    const record = main.agents.find(name)
    return {
      agent: shown(main, record),
      permissions: [...record.plan.granted],
      limits: limitsOf(record.plan),
      capabilities: main.capabilities.ofAgent(record.address.handle).map(offered => JSON.stringify(shownOffer(offered))),
      memoryBytes: BigInt(figure(main, record, AGENT_FIGURE.memory)),
      moduleBytes: BigInt(record.prepared?.codeBytes ?? 0),
      fuelUsed: BigInt(figure(main, record, AGENT_FIGURE.fuel)),
      mailboxMessages: figure(main, record, AGENT_FIGURE.mailbox),
      messagesSent: BigInt(figure(main, record, AGENT_FIGURE.sent)),
      delivery: record.plan.delivery,
      ...rolloutOf(main, name),
    }
  },

  async * logs ({ name, lines, follow }, { signal }) {
    main.agents.find(name)
    const count = lines === 0 ? LOG_LINES : lines
    if (follow) yield * main.agentLogs.follow(name, count, signal)
    else yield * main.agentLogs.latest(name, count)
  },

  async start ({ name }) {
    return { agent: shown(main, await main.agents.start(name)) }
  },

  async stop ({ name, drainMilliseconds }) {
    const drain = drainMilliseconds === 0 ? DRAIN : Math.min(drainMilliseconds, LONGEST_DRAIN)
    return { agent: shown(main, await main.agents.stop(name, drain)) }
  },

  async promote ({ name }) {
    return { agent: shown(main, await main.agents.promote(name)) }
  },

  async rollback ({ name }) {
    return { agent: shown(main, await main.agents.rollback(name)) }
  },

  async remove ({ name }) {
    await main.agents.remove(name)
    return {}
  },
}))

function shown (main: AgentOperationsMain, record: AgentRecord): Omit<Agent, '$typeName'> & MessageInitShape<typeof AgentSchema> {
  return {
    name: record.name,
    state: record.state,
    quarantined: record.quarantined,
    reason: record.reason,
    module: record.plan.module,
    deployedAt: BigInt(record.plan.deployedAt),
    startedAt: BigInt(record.startedAt),
    shard: (record.place?.shard ?? -1) + 1,
    messagesHandled: BigInt(figure(main, record, AGENT_FIGURE.handled)),
    messagesFailed: BigInt(figure(main, record, AGENT_FIGURE.failed)),
    restarts: record.restarts,
    version: record.plan.version,
    group: record.plan.group?.name ?? '',
    groupStrategy: shownStrategy(record.plan.group),
    groupOrder: record.plan.group?.order ?? 0,
  }
}

type RolloutPart = Pick<MessageInitShape<typeof InspectAgentResponseSchema>, 'rollout' | 'rolloutOutcome'>

/** The roll-out of an agent, if there is one, and how the latest one ended. */
function rolloutOf (main: AgentOperationsMain, name: string): RolloutPart {
  const rollout = main.agents.rollouts.of(name)
  const rolloutOutcome = main.agents.rollouts.outcome(name)
  if (rollout === undefined) return { rolloutOutcome }
  const other = rollout.staying === rollout.next ? rollout.old : rollout.next
  const withheld = BigInt(figure(main, rollout.next, AGENT_FIGURE.withheld))
  return { rolloutOutcome, rollout: { ...rolloutShown(rollout), other: shown(main, other), withheld } }
}

const figure = ({ counters }: AgentOperationsMain, { place }: AgentRecord, which: number): number =>
  place === undefined ? 0 : counters[place.shard]?.readAgent(place.slot, which) ?? 0
