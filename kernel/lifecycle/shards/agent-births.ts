import { FRAME } from '../../contract/index.js'
import type { Undeliverable } from '../../routing/undeliverable.js'
import { AgentHost, type HostServices } from './agent-host.js'
import { messageOf, type AgentTurns } from './agent-turns.js'
import { ShardAgent } from './shard-agent.js'
import type { BirthResult, Control } from './shard-control.js'
import { AGENT_FIGURE, SHARD_FIGURE } from './shard-memory.js'
import type { ShardParts } from './shard-parts.js'
import type { ShardModules } from './shard-modules.js'

/**
 * Brings agents into a shard and takes them out: births, restarts, stops, parking. Each order that asks for an answer
 * gets one.
 */
export class AgentBirths {
  constructor (
    private readonly parts: ShardParts, private readonly turns: AgentTurns,
    private readonly modules: ShardModules, private readonly services: HostServices,
  ) {}

  /** All agents of the order are there before the first one starts, so that none of them misses another's message. */
  create ({ ask, modules, agents: births }: Extract<Control, { kind: 'create' }>): void {
    const { agents, counters, mailboxes } = this.parts
    for (const [key, artefact] of modules) this.modules.add(key, artefact)
    const made = births.map(birth => {
      const agent = new ShardAgent(this.modules.settled(birth), this.modules.artefact(birth.module))
      agents[birth.slot] = agent
      counters.clearAgent(birth.slot)
      mailboxes.bound(birth.slot, birth.mailboxMessages)
      return agent
    })
    this.#created(ask, made.map((agent, index) => this.#bear(agent, births[index]?.state)))
  }

  forgetModule (module: string): void {
    this.modules.forget(module)
  }

  /** Gives an agent a new guest; what waits in its mailbox is handled by it. */
  restart (ask: number, slot: number): void {
    const agent = this.parts.agents[slot]
    if (agent === undefined) {
      this.#created(ask, [])
      return
    }
    agent.parked = false
    this.#created(ask, [this.#bear(agent, undefined)])
  }

  /** Ends an agent when it has handled what is queued; with `now`, what is queued goes back at once. */
  stop ({ ask, slot, now, keeps = false }: Extract<Control, { kind: 'stop' }>): void {
    const agent = this.parts.agents[slot]
    if (agent === undefined) {
      this.parts.tell({ kind: 'stopped', ask, state: undefined, failure: 'there is no such agent in the shard' })
      return
    }
    const isSecondOrder = agent.stopping !== undefined
    agent.stopping ??= ask
    agent.keepsConversations = keeps
    if (now || agent.guest === undefined || this.parts.mailboxes.count(slot) === 0) this.finish(agent)
    if (isSecondOrder) this.parts.tell({ kind: 'stopped', ask, state: undefined })
  }

  /** A stopping agent's end: what is still queued goes back, then save, stop, answer. */
  finish (agent: ShardAgent): void {
    const { parts } = this
    const ask = agent.stopping ?? 0
    agent.stopping = undefined
    agent.parked = true
    this.#bounceAll(agent, 'AGENT_NOT_RUNNING')
    let state: Uint8Array | undefined
    let failure: string | undefined
    try {
      this.turns.begin(agent)
      state = agent.guest?.save()
      agent.guest?.stop()
    } catch (error) {
      failure = messageOf(error)
    } finally {
      this.turns.end()
    }
    agent.discard(parts.timers)
    if (!agent.keepsConversations) parts.post.forget(agent.handle)
    parts.agents[agent.slot] = undefined
    parts.counters.setAgent(agent.slot, AGENT_FIGURE.memory, 0)
    // First its last log lines: afterwards its handle may be somebody else's.
    parts.reports.flush(true)
    parts.tell({ kind: 'stopped', ask, state, ...failure === undefined ? {} : { failure } })
  }

  /** Ends a guest without a word, because others that it depends on misbehaved; what is queued waits. */
  rest (slot: number): void {
    this.parts.agents[slot]?.discard(this.parts.timers)
  }

  /** Everything for the agent goes back, until it is created anew. */
  park (slot: number): void {
    const agent = this.parts.agents[slot]
    if (agent === undefined) return
    agent.parked = true
    agent.discard(this.parts.timers)
    this.#bounceAll(agent, 'AGENT_NOT_RUNNING')
  }

  #created (ask: number, results: readonly BirthResult[]): void {
    this.parts.tell({ kind: 'created', ask, results, announced: this.parts.reports.takeAnnounced() })
  }

  #bear (agent: ShardAgent, state: Uint8Array | undefined): BirthResult {
    const began = performance.now()
    const failure = this.#failureOfBirth(agent, state)
    return { handle: agent.handle, milliseconds: performance.now() - began, ...failure === undefined ? {} : { failure } }
  }

  #failureOfBirth (agent: ShardAgent, state: Uint8Array | undefined): string | undefined {
    const { factory, mailboxes, counters, runQueue, timers, stamp } = this.parts
    stamp.beginTrace()
    try {
      this.turns.begin(agent)
      const failure = agent.bear(factory, new AgentHost(agent, this.services), state)
      counters.setAgent(agent.slot, AGENT_FIGURE.memory, agent.guest?.memoryBytes() ?? 0)
      if (failure === undefined) {
        if (mailboxes.count(agent.slot) > 0) runQueue.add(agent)
        return undefined
      }
      agent.discard(timers)
      return failure
    } catch (error) {
      agent.discard(timers)
      return messageOf(error)
    } finally {
      this.turns.end()
    }
  }

  #bounceAll (agent: ShardAgent, reason: Undeliverable): void {
    const { mailboxes, slab, post, counters } = this.parts
    for (let slot = mailboxes.take(agent.slot); slot >= 0; slot = mailboxes.take(agent.slot)) {
      const bytes = slab.bytes(slot)
      const view = slab.view(slot)
      const at = slab.offset(slot)
      const length = view.getUint32(at + FRAME.length, true)
      post.bounce(bytes, view, at, length, reason)
      slab.release(slot)
      counters.add(SHARD_FIGURE.pending, -1)
    }
    counters.setAgent(agent.slot, AGENT_FIGURE.mailbox, 0)
  }
}
