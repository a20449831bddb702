import { availableParallelism } from 'node:os'
import type { AgentEngine, Clock, Health, Logger, Metrics, PluginLife, Protocol, Random, Store } from '../../contract/index.js'
import { Callers, CallerInbox } from '../../routing/callers.js'
import { Conversations } from '../../routing/conversations.js'
import { DeadLetters } from '../../routing/dead-letters.js'
import { Directory } from '../../routing/directory.js'
import { MainLoop } from '../../routing/main-loop.js'
import type { MessageOperationsMain } from '../../routing/message-operations.js'
import { MessageStamp } from '../../routing/message-stamp.js'
import { MessageWatch } from '../../routing/message-watch.js'
import { NameTable } from '../../routing/name-table.js'
import { Post, type PostObserver } from '../../routing/post.js'
import { ProtocolTable } from '../../routing/protocol-tables.js'
import { RingReader, RingWriter } from '../../routing/ring.js'
import { MAIN_PLACE, RouteTable } from '../../routing/route-table.js'
import { UNDELIVERABLE } from '../../routing/undeliverable.js'
import { WakeWord } from '../../routing/wake-word.js'
import type { KernelConfiguration } from '../configuration/kernel-schema.js'
import { AgentLogs } from './agent-logs.js'
import type { AgentOperationsMain } from './agent-operations.js'
import { AgentStore } from './agent-store.js'
import { Agents } from './agents.js'
import { measureAgents, startupHistogram } from './agent-metrics.js'
import { ModulePreparation } from './module-preparation.js'
import type { ShardEvent } from './shard-control.js'
import { sharedMemory, type ShardCounters, type SharedMemory } from './shard-memory.js'
import { ShardPool } from './shard-pool.js'

/** Silence after which a conversation is forgotten, in milliseconds. */
const CONVERSATION_IDLE = 30 * 60_000
/** Most bytes of waiting messages in one shard. */
const SLAB_BYTES = 512 * 1024 * 1024

/** What the hosting of agents needs of the rest of the server. */
export interface HostingParts {
  readonly configuration: KernelConfiguration
  readonly store: Store
  readonly engine: AgentEngine
  readonly protocols: readonly Protocol[]
  readonly clock: Clock
  readonly random: Random
  readonly metrics: Metrics
  readonly log: Logger
}

/**
 * Puts together everything that hosts agents and carries their messages on this node, and owns its life: shards, deploy worker,
 * directory, the main thread's post, dead letters. What the operations on agents and messages work on.
 */
export class AgentHosting implements PluginLife, AgentOperationsMain, MessageOperationsMain {
  readonly agents: Agents
  readonly agentLogs = new AgentLogs()
  readonly callers: Callers
  readonly deadLetters: DeadLetters
  readonly messageWatch: MessageWatch
  readonly #store: AgentStore
  readonly #preparation: ModulePreparation
  readonly #pool: ShardPool
  readonly #loop: MainLoop
  readonly #names = new NameTable()

  constructor (private readonly parts: HostingParts) {
    const { configuration: { agents: settings, messages }, clock, random, engine, log } = parts
    const memory = sharedMemory(settings.shards === 0 ? Math.max(1, availableParallelism() - 1) : settings.shards, settings.max)
    const epoch = new DataView(random.bytes(8).slice().buffer).getBigUint64(0)
    const directory = this.#directory(memory)
    this.#store = new AgentStore(parts.store)
    this.#preparation = new ModulePreparation(engine, clock, settings.deploy_timeout)
    this.#pool = this.#shardPool(memory, epoch)
    this.messageWatch = new MessageWatch(clock, handle => directory.name(handle), wanted => this.#pool.tap(wanted))
    this.deadLetters = new DeadLetters(parts.store, clock, log, handle => directory.name(handle), messages.dead_letters)
    this.agents = new Agents({
      settings, store: this.#store, preparation: this.#preparation, pool: this.#pool, directory, logs: this.agentLogs, clock, log,
      startup: startupHistogram(parts.metrics),
    })
    const { post, callers, loop } = this.#mainThread(memory, directory, epoch)
    this.callers = callers
    this.#loop = loop
    this.#post = post
  }

  readonly #post: Post

  get counters (): readonly ShardCounters[] {
    return this.#pool.counters
  }

  get moduleSize (): number {
    return this.parts.configuration.agents.module_size
  }

  get shards (): number {
    return this.#pool.links.length
  }

  async start (): Promise<void> {
    await this.#store.open()
    await this.deadLetters.open()
    await this.#pool.start()
    this.callers.open()
    this.#loop.start()
    await this.agents.restore()
    measureAgents(this.parts.metrics, this)
  }

  async drain (): Promise<void> {
    await this.agents.stopAll(this.parts.configuration.server.drain_timeout / 2)
    await this.deadLetters.flush()
  }

  async stop (): Promise<void> {
    await this.#loop.stop()
    await this.#pool.stop()
    await this.#preparation.stop()
  }

  health (): Health {
    const failed = this.agents.list().filter(agent => agent.quarantined).length
    return failed === 0 ? { state: 'ready' } : { state: 'ready', detail: `${failed} agents are quarantined` }
  }

  #directory (memory: SharedMemory): Directory {
    return new Directory(new RouteTable(memory.routes), (added, removed) => {
      for (const name of removed) this.#names.delete(name)
      for (const [name, handle, generation] of added) this.#names.set(name, handle, generation)
      for (const link of this.#pool.links) link.tell({ kind: 'names', added, removed })
    })
  }

  #shardPool (memory: SharedMemory, epoch: bigint): ShardPool {
    const { configuration: { agents: settings, messages }, engine, protocols, clock, random, log } = this.parts
    return new ShardPool({
      memory, epoch, protocols,
      factoryModule: engine.factoryModule,
      engineSettings: engine.settings,
      traceSampling: messages.trace_sample,
      agents: settings.max,
      mailboxBytes: settings.mailbox_bytes,
      slabBytes: SLAB_BYTES,
      sendsPerMessage: settings.sends_per_message,
      conversationIdle: CONVERSATION_IDLE,
    }, memory, settings.wall_limit, clock, random, log, {
      event: (_, event) => this.#heed(event),
      lost: (shard, blamed) => this.agents.shardLost(shard, blamed),
      back: shard => {
        this.#pool.link(shard).tell({ kind: 'names', added: this.#allNames(), removed: [] })
        void this.agents.shardBack(shard)
      },
    })
  }

  #allNames (): Array<readonly [name: string, handle: number, generation: number]> {
    return this.agents.list().map(({ name, address }) => [name, address.handle, address.generation])
  }

  #mainThread (memory: SharedMemory, directory: Directory, epoch: bigint): { post: Post, callers: Callers, loop: MainLoop } {
    const { clock, random, protocols, configuration } = this.parts
    const routes = new RouteTable(memory.routes)
    const seed = new Uint32Array(random.bytes(16).slice().buffer)
    const stamp = new MessageStamp(epoch, MAIN_PLACE, seed, configuration.messages.trace_sample)
    const conversations = new Conversations(MAIN_PLACE, 1)
    const inbox = new CallerInbox()
    const wakes = memory.wakes.map(buffer => new WakeWord(buffer))
    const post = new Post({
      place: MAIN_PLACE, routes, names: this.#names, wakes, conversations, stamp, local: inbox, observer: this.#observer(),
      writers: (memory.rings[MAIN_PLACE] ?? []).map((buffer, to) => to === MAIN_PLACE ? undefined : new RingWriter(buffer)),
      protocols: protocols.map(protocol => new ProtocolTable(protocol)),
      now: () => clock.now(),
    })
    const readers = memory.rings.slice(1).flatMap(row => row.slice(0, 1)).map(buffer => new RingReader(buffer))
    const [wake] = wakes
    if (wake === undefined) throw new RangeError('the main thread has no wake word')
    const limit = configuration.agents.message_size_max
    return {
      post,
      callers: new Callers(post, inbox, conversations, directory, routes, stamp, clock, limit),
      loop: new MainLoop(readers, post, wake, clock, CONVERSATION_IDLE),
    }
  }

  /** What main's own post reports; the shards report theirs as events. */
  #observer (): PostObserver {
    const isWatching = (): boolean => this.messageWatch.isWanted
    return {
      get watching () {
        return isWatching()
      },
      watch: (bytes, at, length, outcome) => this.messageWatch.show(bytes.slice(at, at + length), outcome),
      deadLetter: (bytes, at, length, reason) => this.deadLetters.add(bytes.slice(at, at + length), reason),
    }
  }

  #heed (event: ShardEvent): void {
    switch (event.kind) {
      case 'logs':
        for (const { handle, at, level, text } of event.lines) this.agentLogs.add(this.agents.ofHandle(handle)?.name ?? '', at, level, text)
        return
      case 'taps':
        this.messageWatch.skip(event.skipped)
        for (const [index, frame] of event.frames.entries()) this.messageWatch.show(frame, event.outcomes[index] ?? -1)
        return
      case 'letters':
        for (const [index, frame] of event.frames.entries()) {
          this.deadLetters.add(frame, UNDELIVERABLE[event.reasons[index] ?? 0] ?? 'AGENT_NOT_FOUND')
        }
        return
      default:
        this.agents.heed(event)
    }
  }
}
