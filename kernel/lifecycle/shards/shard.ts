import type { GuestFactory } from '../../contract/in-shard.js'
import type { RingReader } from '../../routing/frames/ring.js'
import { MessagePolicy, type PolicyTables } from '../../routing/permissions/message-policy.js'
import { AgentBirths } from './agent-births.js'
import { AgentTurns, messageOf } from './agent-turns.js'
import { AgentUpgrades } from './agent-upgrades.js'
import type { ShardAgent } from './shard-agent.js'
import type { Control, ShardBirth, ShardEvent } from './shard-control.js'
import { AGENT_FIGURE, SHARD_WORD } from './shard-memory.js'
import { ShardModules } from './shard-modules.js'
import { shardParts, type ShardParts } from './shard-parts.js'
import { ShardRollouts } from './shard-rollouts.js'
import { ShardServices } from './shard-services.js'
import { ThreadWatch } from './thread-watch.js'

/** Messages that one agent handles before the next one's turn. */
const QUANTUM = 4
/** Frames taken from each ring, agents served, and timers fired, before the shard looks around. */
const RING_BATCH = 64
const RUN_BATCH = 128
/** Milliseconds of agents' turns after which it looks around in any case: some use all the fuel they have on each message. */
const RUN_TIME = 2
/** Few, so that messages have their turn between timers that are all due at once. */
const TIMER_BATCH = 8
/** Longest sleep: only the heartbeat depends on it. */
const LONGEST_SLEEP = 1_000
/** Failures of the shard's own code that it survives. */
const TROUBLES = 100

/**
 * One thread's agents: takes frames from the rings, gives each agent its turn, fires timers, sleeps when there is
 * nothing to do. Knows no WebAssembly: guests come from the engine's factory. Runs until told to end, and blocks its
 * thread meanwhile.
 */
export class Shard {
  readonly #parts: ShardParts
  readonly #turns: AgentTurns
  readonly #births: AgentBirths
  readonly #upgrades: AgentUpgrades
  readonly #rollouts: ShardRollouts
  readonly #hasWorkNow = (): boolean => this.#hasWork()
  readonly #save = (agent: ShardAgent): ReturnType<AgentBirths['save']> => this.#births.save(agent)
  readonly #threadWatch = new ThreadWatch()
  #ended = false
  /** Rings stay closed until the agents are there: what was under way when a shard was lost waits for its receivers. */
  #open = false
  #controlsSeen = 0
  #troubles = 0

  constructor (
    birth: ShardBirth,
    factory: GuestFactory,
    private readonly takeControl: () => Control | undefined,
    tell: (event: ShardEvent) => void,
  ) {
    this.#parts = shardParts(birth, factory, tell)
    this.#turns = new AgentTurns(this.#parts)
    const modules = new ShardModules()
    const services = new ShardServices(this.#parts)
    this.#births = new AgentBirths(this.#parts, this.#turns, modules, services)
    this.#rollouts = new ShardRollouts(this.#parts)
    this.#upgrades = new AgentUpgrades(this.#parts, this.#turns, modules, services)
  }

  /** The shard's whole life. */
  run (): void {
    const { tell, wake, factory } = this.#parts
    this.#threadWatch.open()
    tell({ kind: 'ready' })
    while (!this.#ended) {
      try {
        this.#round()
      } catch (error) {
        this.#troubled(error)
      }
      if (this.#ended || this.#hasWork() || factory.makeReady?.() === true) continue
      wake.sleep(this.#restFor(), this.#hasWorkNow)
    }
    this.#parts.reports.flush(true)
    this.#threadWatch.close()
  }

  #round (): void {
    this.#parts.time.look()
    this.#obey()
    if (this.#open) for (const reader of this.#parts.readers) this.#drain(reader)
    this.#serveAgents()
    this.#fireTimers()
    this.#parts.works.flush(this.#save)
    this.#upgrades.look()
    this.#parts.reports.flush()
    const isClean = this.#threadWatch.sliceEnded(performance.now())
    if (isClean !== undefined) this.#parts.counters.endSlice(isClean)
  }

  /** A mistake of ours, not of an agent: said aloud, and survived unless it goes on and on. */
  #troubled (error: unknown): void {
    this.#troubles += 1
    if (this.#troubles > TROUBLES) throw error
    this.#parts.tell({ kind: 'trouble', message: messageOf(error) })
  }

  #obey (): void {
    const posted = Atomics.load(this.#parts.counters.words, SHARD_WORD.controls)
    if (posted === this.#controlsSeen) return
    this.#controlsSeen = posted
    for (let control = this.takeControl(); control !== undefined; control = this.takeControl()) this.#obeyOne(control)
  }

  #obeyOne (control: Control): void {
    switch (control.kind) {
      case 'create': return this.#births.create(control)
      case 'forget-module': return this.#births.forgetModule(control.module)
      case 'restart': return this.#births.restart(control.ask, control.slot)
      case 'stop': return this.#births.stop(control)
      case 'upgrade': return this.#upgrades.begin(control)
      case 'settle': return this.#upgrades.settle(control.slot, control.accept)
      case 'rest': return this.#births.rest(control.slot)
      case 'park': return this.#births.park(control.slot)
      case 'names': return this.#parts.names.change(control.changes)
      case 'capabilities': return this.#parts.capabilities.apply(control.changes)
      case 'topics': return this.#parts.topics.apply(control.changes)
      case 'policy': return this.#adopt(control.tables)
      case 'worked': return this.#births.worked(control)
      case 'conversations': return this.#parts.conversations.obey(control.ask, control.order)
      case 'mirror': return this.#rollouts.mirror(control.slot, control.shadow, control.on)
      case 'measure': return this.#rollouts.measure(control.slot, control.buckets)
      case 'involved': return this.#rollouts.involved(control.ask, control.handle)
      case 'open':
        this.#open = true
        return
      case 'end':
        this.#ended = true
    }
  }

  #adopt (tables: PolicyTables | undefined): void {
    this.#parts.post.policy = tables === undefined ? undefined : new MessagePolicy(tables, elapsed)
  }

  #drain (reader: RingReader): void {
    for (let count = 0; count < RING_BATCH; count++) {
      const at = reader.peek()
      if (at < 0) return
      // An order to create the receiver was given before anybody could send to it.
      this.#obey()
      try {
        this.#parts.post.arrive(reader.bytes, reader.view, at, reader.length)
      } finally {
        reader.release()
      }
    }
  }

  #serveAgents (): void {
    const { runQueue, mailboxes, counters } = this.#parts
    const end = performance.now() + RUN_TIME
    for (let count = 0; count < RUN_BATCH && performance.now() < end; count++) {
      const agent = runQueue.take()
      if (agent === undefined) return
      const { slot } = agent
      if (this.#parts.agents[slot] !== agent) continue
      let turn = 0
      for (; turn < QUANTUM && agent.canGoOn && mailboxes.count(slot) > 0; turn++) this.#turns.handle(agent)
      const waiting = mailboxes.count(slot)
      counters.setAgent(slot, AGENT_FIGURE.mailbox, waiting)
      if (agent.renewal !== undefined) this.#births.renewIfDue(agent)
      if (agent.upgrade !== undefined) this.#upgrades.served(agent, agent.upgrade, turn)
      if (waiting > 0 && agent.canGoOn) runQueue.add(agent)
      else if (waiting === 0 || agent.guest === undefined) this.#finishIfStopping(agent)
    }
  }

  #fireTimers (): void {
    const { timers, agents, post, conversations } = this.#parts
    const now = performance.now()
    for (let count = 0; count < TIMER_BATCH; count++) {
      const entry = timers.take(now)
      if (entry === undefined) break
      const agent = agents[entry.owner]
      const held = agent?.upgrade?.held
      if (held !== undefined) {
        held.late.push(entry)
        continue
      }
      if (agent?.timers?.get(entry.id) !== entry) continue
      agent.timers.delete(entry.id)
      this.#turns.tick(agent, entry)
      if (agent.guest === undefined) this.#finishIfStopping(agent)
    }
    const time = Date.now()
    if (post.due <= time) post.expire()
    if (conversations.due <= time) conversations.report(time)
  }

  #finishIfStopping (agent: ShardAgent): void {
    if (agent.stopping !== undefined && this.#births.isIdle(agent)) this.#births.finish(agent)
  }

  #hasWork (): boolean {
    const { runQueue, counters, readers, timers } = this.#parts
    if (!runQueue.isEmpty || timers.due <= performance.now() || this.#upgrades.due <= performance.now()) return true
    if (Atomics.load(counters.words, SHARD_WORD.controls) !== this.#controlsSeen) return true
    if (this.#open) for (const reader of readers) if (!reader.isEmpty) return true
    return false
  }

  /** Milliseconds until something is due. */
  #restFor (): number {
    const { timers, post, conversations, reports } = this.#parts
    const due = Math.min(post.due, conversations.due) - Date.now()
    return Math.max(0, Math.min(Math.min(timers.due, this.#upgrades.due, reports.due) - performance.now(), due, LONGEST_SLEEP))
  }
}

const elapsed = (): number => performance.now()
