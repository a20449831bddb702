import type { Change, Migration, Store } from '../../contract/index.js'
import { KEPT_CONVERSATIONS } from '../../routing/conversations/conversation-keeper.js'
import { DELIVERY_KEYS } from '../../routing/durable/delivery-keys.js'
import { TIMERS, keptTimers, timerChange } from '../../routing/durable/durable-works.js'
import { keptFor } from '../../routing/durable/kept-message.js'
import { INBOX } from '../../routing/durable/kept-messages.js'
import { AgentPermissions } from '../../routing/permissions/agent-permissions.js'
import { AgentUnreadable } from './agent-errors.js'
import { deliveryOf } from './agent-plan.js'
import type { AgentPlan, OtherVersion, SavedState } from './agent-record.js'
import type { ModuleSignature } from './module-signature.js'
import { MODULES, ModuleStore, type StoredModule } from './module-store.js'
import { keptWish } from './placement-terms.js'
import type { GroupPlace } from './supervision-group.js'

const AGENTS = 'agents'
const STATES = 'states'

const MIGRATIONS: readonly Migration[] = [{
  version: 1, summary: 'agents, their modules by SHA-256, their saved states, dead letters',
  creates: [AGENTS, MODULES, STATES, 'dead-letters'],
}, {
  version: 2, summary: 'the latest states of open conversations', creates: [KEPT_CONVERSATIONS],
}, {
  version: 3, summary: 'durable messages, and timers that are kept with them', creates: [INBOX, TIMERS],
}, {
  version: 4, summary: 'delivery keys', creates: [DELIVERY_KEYS],
}]

/** What is kept of an agent. */
export interface StoredAgent {
  readonly plan: AgentPlan
  readonly wanted: boolean
  readonly quarantined: boolean
  /** Why an operator quarantined it. */
  readonly heldFor?: string | undefined
  /** Ran beside it in a roll-out when this was kept. */
  readonly other?: OtherVersion | undefined
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** The node's agents in its store: plans as JSON, modules once per content, states as the agents saved them. */
export class AgentStore {
  readonly #modules: ModuleStore

  constructor (private readonly store: Store) {
    this.#modules = new ModuleStore(store)
  }

  async open (): Promise<void> {
    await this.store.migrate(MIGRATIONS)
  }

  /** Every agent, by name. Throws `AGENT_UNREADABLE`. */
  async * agents (): AsyncGenerator<StoredAgent, void, undefined> {
    for await (const { key, value } of this.store.scan(AGENTS)) yield storedAgent(key, value)
  }

  module (hash: string): Promise<Uint8Array | undefined> {
    return this.#modules.find(hash)
  }

  async state (name: string): Promise<SavedState | undefined> {
    const kept = await this.store.get(STATES, name)
    return kept === undefined ? undefined : savedState(name, kept)
  }

  /** Keeps an agent. `unusedModule`: hash of the code that nobody runs any more. */
  async keep (agent: StoredAgent, unusedModule?: string): Promise<void> {
    await this.#modules.commit([putAgent(agent)], undefined, unusedModule)
  }

  /**
   * Keeps a version as the one that comes back: its code unless it is there, and the state that it begins with.
   * `unusedModule`: hash of the code that nobody runs any more.
   */
  async keepVersion (agent: StoredAgent, module: Uint8Array | undefined, state?: SavedState, unusedModule?: string): Promise<void> {
    await this.#modules.commit(versionChanges(agent, state), moduleOf(agent, module), unusedModule)
  }

  /** The same for a version that takes the name from another beside it: with its own timers, by number. */
  async keepSwitched (
    agent: StoredAgent, module: Uint8Array | undefined, state: SavedState | undefined, timers: ReadonlyMap<number, number>,
  ): Promise<void> {
    const { plan: { name } } = agent
    const changes = versionChanges(agent, state)
    changes.push({ clear: TIMERS, range: keptFor(name) }, ...[...timers].map(([id, due]) => timerChange(name, id, due)))
    await this.#modules.commit(changes, moduleOf(agent, module))
  }

  async keepState (name: string, state: SavedState): Promise<void> {
    await this.store.commit([this.stateChange(name, state)])
  }

  /** The change that keeps an agent's state, for a commit with others. */
  stateChange (name: string, state: SavedState): Change {
    return putState(name, state)
  }

  /** Kept timers of every agent, by its name: number and wall-clock time. */
  timers (): Promise<Map<string, Map<number, number>>> {
    return keptTimers(this.store)
  }

  /** Forgets an agent, and its module when no other agent has it. */
  async forget (name: string, unusedModule: string | undefined): Promise<void> {
    await this.#modules.commit([{ delete: AGENTS, key: name }, ...this.#forgotten(name)], undefined, unusedModule)
  }

  /** What an agent leaves behind. */
  #forgotten (name: string): Change[] {
    return [{ delete: STATES, key: name }, { clear: TIMERS, range: keptFor(name) }]
  }
}

function versionChanges (agent: StoredAgent, state: SavedState | undefined): Change[] {
  const { plan: { name } } = agent
  return [putAgent(agent), state === undefined ? { delete: STATES, key: name } : putState(name, state)]
}

const moduleOf = ({ plan }: StoredAgent, bytes: Uint8Array | undefined): StoredModule | undefined =>
  bytes === undefined ? undefined : { hash: plan.module, bytes }

const putAgent = (agent: StoredAgent): Change => ({ put: AGENTS, key: agent.plan.name, value: encodeAgent(agent) })

/** What is kept of an agent, in bytes. */
export const encodeAgent = (agent: StoredAgent): Uint8Array => encoder.encode(JSON.stringify(written(agent)))

/** A state is kept after the number of the version that saved it: four bytes, little-endian. */
function putState (name: string, { version, bytes }: SavedState): Change {
  const value = new Uint8Array(4 + bytes.length)
  new DataView(value.buffer).setUint32(0, version, true)
  value.set(bytes, 4)
  return { put: STATES, key: name, value }
}

function savedState (name: string, kept: Uint8Array): SavedState {
  if (kept.length < 4) throw AgentUnreadable({ name, problem: 'its state is cut off' })
  const version = new DataView(kept.buffer, kept.byteOffset, kept.byteLength).getUint32(0, true)
  return { version, bytes: kept.slice(4) }
}

const writtenSignature = (signature: ModuleSignature | undefined): KeptSignature | undefined =>
  signature === undefined ? undefined : { key: signature.key, signature: Buffer.from(signature.signature).toString('base64') }

/** The calls follow from the permissions. */
const written = ({ plan: { granted: _, signature, ...plan }, wanted, quarantined, heldFor, other }: StoredAgent): object =>
  ({
    ...plan, signature: writtenSignature(signature), configuration: Buffer.from(plan.configuration).toString('base64'),
    wanted, quarantined, heldFor, other,
  })

interface KeptSignature {
  readonly key: string
  readonly signature: string
}

interface KeptAgent {
  readonly module: string
  readonly signature?: KeptSignature
  readonly permissions: readonly string[]
  readonly limits: AgentPlan['limits']
  readonly mailboxMessages: number
  readonly messageRate: number
  readonly logLines: number
  readonly configuration: string
  readonly delivery: string
  readonly deployedAt: number
  readonly version: number
  readonly claim: number
  readonly group?: GroupPlace
  readonly wish?: unknown
  readonly wanted: boolean
  readonly quarantined: boolean
  readonly heldFor?: string
  readonly other?: OtherVersion
}

/** Reads what {@link encodeAgent} wrote. Throws `AGENT_UNREADABLE`. */
export function storedAgent (name: string, value: Uint8Array): StoredAgent {
  try {
    return agentOf(name, JSON.parse(decoder.decode(value)) as KeptAgent)
  } catch (cause) {
    throw AgentUnreadable({ name, problem: cause instanceof Error ? cause.message : String(cause) }, { cause })
  }
}

function agentOf (name: string, kept: KeptAgent): StoredAgent {
  const permissions = AgentPermissions.read(kept.permissions, (word, problem) => { throw new Error(`the permission "${word}" ${problem}`) })
  return {
    plan: {
      name,
      module: kept.module,
      signature: kept.signature === undefined ? undefined
        : { key: kept.signature.key, signature: new Uint8Array(Buffer.from(kept.signature.signature, 'base64')) },
      permissions: permissions.words,
      granted: permissions.calls,
      limits: kept.limits,
      mailboxMessages: kept.mailboxMessages,
      messageRate: kept.messageRate,
      logLines: kept.logLines,
      configuration: Buffer.from(kept.configuration, 'base64'),
      delivery: deliveryOf(kept.delivery),
      deployedAt: kept.deployedAt,
      version: kept.version,
      claim: kept.claim,
      group: kept.group,
      wish: keptWish(kept.wish),
    },
    wanted: kept.wanted,
    quarantined: kept.quarantined,
    heldFor: kept.heldFor,
    other: kept.other,
  }
}
