import { availableParallelism } from 'node:os'
import type { Clock, Health, PluginLife } from '../../contract/index.js'
import type { Callers } from '../../routing/callers/callers.js'
import type { CapabilityRegistry } from '../../routing/capabilities/capability-registry.js'
import { DeadLetters } from '../../routing/dead-letters/dead-letters.js'
import { CallerExchanges } from '../../routing/callers/exchanges.js'
import type { ConversationOperationsMain } from '../../routing/conversations/conversation-operations.js'
import type { DeadLetterOperationsMain } from '../../routing/dead-letters/dead-letter-operations.js'
import type { LetterReplay } from '../../routing/dead-letters/letter-replay.js'
import type { MessageOperationsMain } from '../../routing/message-operations.js'
import type { DurableMessages } from '../../routing/durable/durable-messages.js'
import { MessageWatch } from '../../routing/message-watch.js'
import { TOOLS_NAME } from '../../routing/directory/directory.js'
import { RouteTable } from '../../routing/directory/route-table.js'
import { AgentAdmission } from './agent-admission.js'
import { AgentAnnouncements } from './agent-announcements.js'
import { AgentLogs } from './agent-logs.js'
import { measureAgents, startupHistogram } from './agent-metrics.js'
import type { AgentOperationsMain } from './agent-operations.js'
import { AgentStore } from './agent-store.js'
import type { AgentsElsewhere } from './agents-elsewhere.js'
import { TrustedKeys } from './trusted-keys.js'
import type { WriteGate } from './write-gate.js'
import { messageOf } from '../shards/agent-turns.js'
import { Agents } from './agents.js'
import { PolicyFile } from './policy-file.js'
import { ReplicatedTables } from './replicated-tables.js'
import { callingAgent } from './calling-agent.js'
import { limitsOf } from './conversation-limits.js'
import { ConversationHosting } from './conversation-hosting.js'
import type { HostingParts } from './hosting-parts.js'
import { mainObserver } from './main-observer.js'
import { mainThread, type MainThread } from './main-thread.js'
import { ModulePreparation } from './module-preparation.js'
import { distribute } from './shard-events.js'
import { shardPattern } from './shard-pattern.js'
import type { ShardWork } from '../shards/shard-control.js'
import { sharedMemory, type ShardCounters, type SharedMemory } from '../shards/shard-memory.js'
import { ShardPool } from '../shards/shard-pool.js'

/** Most threads for agents: the rings between all of them take address space with the square of their number. */
const MOST_SHARDS = 64
/** How long messages of a renewed shard wait at most until all of its agents are there again, in milliseconds. */
const REVIVAL_PATIENCE = 2_000

/**
 * Puts together everything that hosts agents and carries their messages on this node, and owns its life: shards, deploy
 * worker, directory, the main thread's post, dead letters. What the operations on agents and messages work on.
 */
export class AgentHosting implements
  PluginLife, AgentOperationsMain, MessageOperationsMain, ConversationOperationsMain, DeadLetterOperationsMain {
  readonly agents: Agents
  readonly agentLogs = new AgentLogs()
  readonly callers: Callers
  readonly capabilities: CapabilityRegistry
  readonly exchanges: CallerExchanges
  readonly clock: Clock
  readonly deadLetters: DeadLetters
  readonly letterReplay: LetterReplay
  readonly messageWatch: MessageWatch
  readonly conversations: ConversationHosting
  readonly durable: DurableMessages
  /** Told the name of an agent whose state, or what it makes known, changed. Set by whoever tells other nodes. */
  agentChanged: (name: string) => void = () => {}
  /** The agents of other nodes, and what holds changes back. Set by whoever knows them. */
  elsewhere: AgentsElsewhere | undefined
  writes: WriteGate | undefined
  readonly #store: AgentStore
  readonly tables: ReplicatedTables
  readonly main: MainThread
  readonly #announcements: AgentAnnouncements
  readonly #preparation: ModulePreparation
  readonly #policy: PolicyFile
  /** Says which agents may run here. */
  readonly admission: AgentAdmission
  readonly #pool: ShardPool

  constructor (private readonly parts: HostingParts) {
    const { configuration: { agents: settings, messages, conversations }, store, clock, random, engine, protocols, log } = parts
    const shards = settings.shards === 0 ? Math.min(MOST_SHARDS, Math.max(1, availableParallelism() - 1)) : settings.shards
    const memory = sharedMemory(shards, settings.max)
    const tables = this.tables = new ReplicatedTables(new RouteTable(memory.routes), control => {
      for (const link of this.#pool.links) link.inform(control)
    })
    const { directory } = tables
    this.#announcements = new AgentAnnouncements(() => this.agents.roster, tables,
      name => {
        parts.heaps.agents(this.agents.size)
        this.agentChanged(name)
      },
      handle => {
        this.conversations.depart(handle)
        this.main.toolDesk?.forget(handle)
      })
    const nameOf = (handle: number): string | undefined => directory.name(handle)
    this.clock = clock
    this.#store = new AgentStore(store)
    this.#preparation = new ModulePreparation(engine, clock, settings.deploy_timeout)
    this.#policy = new PolicyFile({ file: settings.policy_file, clock, log, adopt: policy => { tables.adopt(policy) } })
    this.admission = new AgentAdmission(settings, new TrustedKeys(settings.trusted_keys))
    this.#pool = this.#shardPool(memory)
    this.messageWatch = new MessageWatch(clock, nameOf, wanted => this.#pool.tap(wanted))
    this.deadLetters = new DeadLetters(store, clock, log, nameOf, messages.dead_letters)
    const main = this.main = mainThread({
      memory, tables, protocols, clock, random, log,
      observer: mainObserver(this.messageWatch, this.deadLetters), tracing: parts.tracing, fanOut: messages.fan_out,
      roomOf: handle => this.agents.roster.ofHandle(handle)?.plan.limits.messageBytes ?? settings.message_size_max,
      largestMessage: settings.message_size_max, conversationLimits: limitsOf(conversations),
      durable: {
        store,
        retries: { retries: messages.retries, delay: messages.retry_delay, delayMax: messages.retry_delay_max },
        keys: { window: messages.delivery_key_window, most: messages.delivery_keys },
        stateChange: (name, bytes) => this.#store.stateChange(name, this.agents.savedBy(name, bytes)),
        worked: work => this.agents.keptWork(work),
        conversations: states => this.conversations.join(states),
      },
      conversationsChanged: report => this.conversations.heed(report),
      isWatched: () => this.conversations.watch.isWanted, tools: parts.tools,
      toolCaller: address => callingAgent(this.agents.roster, address),
      toolCalls: settings.tool_calls,
    })
    this.conversations = new ConversationHosting({
      store, clock, log, directory, main, pool: this.#pool, routes: new RouteTable(memory.routes),
    })
    this.capabilities = tables.offers
    this.callers = main.callers
    this.exchanges = new CallerExchanges(main.callers)
    this.letterReplay = main.letterReplay
    this.durable = main.durable
    this.agents = new Agents({
      settings, store: this.#store, admission: this.admission, preparation: this.#preparation, pool: this.#pool, directory,
      logs: this.agentLogs, clock, log, events: parts.events,
      startup: startupHistogram(parts.metrics), durable: main.durable.delivery, settle: () => main.durable.settle(),
      ofCallers: main.involving,
      observer: this.#announcements,
    })
  }

  get counters (): readonly ShardCounters[] { return this.#pool.counters }

  get moduleSize (): number { return this.parts.configuration.agents.module_size }

  /** The code with a SHA-256, as it was uploaded. */
  moduleOf (hash: string): Promise<Uint8Array | undefined> {
    return this.#store.module(hash)
  }

  get shards (): number { return this.#pool.links.length }

  async start (): Promise<void> {
    this.parts.heaps.agents(0)
    await this.#store.open()
    await this.deadLetters.open()
    await this.durable.open()
    await this.#policy.start()
    await this.admission.open()
    this.#preparation.start()
    await this.#pool.start()
    for (const link of this.#pool.links) for (const control of this.tables.everything()) link.tell(control)
    this.main.facilitator.subscriptions.open()
    this.main.loop.start()
    await this.agents.restore(await this.conversations.homes())
    await this.conversations.restore()
    // Kept calls go out when those who made them are known again.
    if (this.main.toolDesk !== undefined) this.durable.delivery.available(TOOLS_NAME)
    for (const link of this.#pool.links) link.tell({ kind: 'open' })
    measureAgents(this.parts.metrics, this)
  }

  /** Agents finish what they have and are stopped; whoever still waits for an answer is told. */
  async drain (): Promise<void> {
    await this.agents.stopAll(this.parts.configuration.server.drain_timeout / 2)
    this.callers.close()
    this.main.toolDesk?.close()
    await this.durable.close()
    await this.conversations.settle()
    await this.deadLetters.flush()
  }

  async stop (): Promise<void> {
    this.callers.close()
    this.main.toolDesk?.close()
    this.main.facilitator.subscriptions.close()
    await this.main.loop.stop()
    await this.#pool.stop()
    await this.#policy.stop()
    await this.#preparation.stop()
  }

  health (): Health {
    const shards = this.#pool.health()
    if (shards.state !== 'ready') return shards
    const policy = this.#policy.health()
    if (policy.state !== 'ready') return policy
    const { quarantined } = this.agents.roster
    return quarantined === 0 ? { state: 'ready' } : { state: 'ready', detail: `${quarantined} agents are quarantined` }
  }

  #shardPool (memory: SharedMemory): ShardPool {
    const { configuration: { agents: settings }, clock, random, log } = this.parts
    return new ShardPool({
      pattern: shardPattern(this.parts, memory),
      memory, wallLimit: settings.wall_limit, clock, random, log,
      events: {
        event: (shard, event) => distribute(shard, event, {
          nameOf: handle => this.tables.directory.name(handle), announcements: this.#announcements,
          agentLogs: this.agentLogs, messageWatch: this.messageWatch,
          deadLetters: this.deadLetters, spans: this.main.spanIntake,
          durable: this.durable.delivery, works: (of, works) => this.#commit(of, works),
          catchUp: of => this.main.loop.catchUp(of + 1), conversations: report => this.conversations.heed(report),
          agents: concerning => this.agents.care.heed(concerning), log,
        }),
        lost: (shard, blamed) => {
          this.agents.care.shardLost(shard, blamed)
          this.callers.threadLost(shard + 1)
          this.durable.delivery.threadLost(shard + 1)
        },
        back: shard => void this.#repopulate(shard),
      },
    })
  }

  /** What the agents of a shard did for exactly-once messages is kept; the shard is told what was. */
  #commit (shard: number, works: readonly ShardWork[]): void {
    for (const work of works) {
      const { slot, generation } = work
      this.durable.works.commit(work, committed => this.#pool.link(shard).tell({ kind: 'worked', slot, generation, committed }))
    }
  }

  /** A renewed shard knows no names and has no agents; what was under way to it waits in its rings meanwhile. */
  async #repopulate (shard: number): Promise<void> {
    const { clock, log } = this.parts
    const link = this.#pool.link(shard)
    for (const control of this.tables.everything()) link.tell(control)
    const opening = clock.after(REVIVAL_PATIENCE, () => link.tell({ kind: 'open' }))
    try {
      // What its agents did just before the end may still be on its way to the disk: they begin there.
      await this.durable.settle()
      await this.agents.care.shardBack(shard)
      this.agents.rollouts.renew()
      await this.conversations.restore(shard + 1)
    } catch (error) {
      log.error('not all agents of a renewed shard are back', { shard: shard + 1, cause: messageOf(error) })
    } finally {
      opening.cancel()
      link.tell({ kind: 'open' })
    }
  }
}
