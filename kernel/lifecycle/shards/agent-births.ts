import { FRAME } from '../../contract/in-shard.js'
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
      const agent = new ShardAgent(this.modules.settled(birth), this.modules.artefact(birth.module), this.parts.names)
      agent.kept = birth.state
      agents[birth.slot] = agent
      counters.clearAgent(birth.slot)
      mailboxes.bound(birth.slot, birth.mailboxMessages)
      return agent
    })
    this.#created(ask, made.map(agent => this.#bear(agent, agent.kept)))
  }

  forgetModule (module: string): void {
    this.parts.factory.forget?.(this.modules.artefact(module))
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
    agent.renewal = ask
    this.renewIfDue(agent)
  }

  /** Gives an agent that waits for it a new guest, unless something that the old one did is still being committed. */
  renewIfDue (agent: ShardAgent): void {
    const ask = agent.renewal
    if (ask === undefined || agent.parked || agent.committing !== undefined) return
    agent.renewal = undefined
    const result = this.#bear(agent, agent.kept)
    if (ask > 0) this.#created(ask, [result])
    else if (result.failure !== undefined) {
      this.parts.tell({ kind: 'fault', handle: agent.handle, fault: 'trap', message: `it could not start again: ${result.failure}` })
    }
  }

  /** Main says what became of an agent's work. */
  worked ({ slot, generation, committed }: Extract<Control, { kind: 'worked' }>): void {
    const { agents, works, mailboxes, runQueue } = this.parts
    const agent = agents[slot]
    if (agent === undefined || agent.birth.generation !== generation || agent.committing === undefined) return
    works.settled(agent, committed)
    if (!committed) agent.renewal ??= 0
    this.renewIfDue(agent)
    if (agent.guest !== undefined && mailboxes.count(slot) > 0) runQueue.add(agent)
    else if (agent.stopping !== undefined && agent.open === undefined) this.finish(agent)
  }

  /** Has an agent save its state for a commit; one that misbehaves over it is gone. */
  save (agent: ShardAgent): { readonly state: Uint8Array | undefined } | undefined {
    this.turns.begin(agent)
    try {
      return { state: agent.guest?.save() }
    } catch (error) {
      this.turns.fault(agent, error)
      if (agent.stopping !== undefined) this.finish(agent)
      return undefined
    } finally {
      this.turns.end()
    }
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
    if (now || this.isIdle(agent)) this.finish(agent)
    if (isSecondOrder) this.parts.tell({ kind: 'stopped', ask, state: undefined })
  }

  /** A stopping agent's end: what is still queued goes back, then save, stop, answer. */
  finish (agent: ShardAgent): void {
    const { parts } = this
    agent.parked = true
    const isCut = agent.open !== undefined
    parts.works.abort(agent)
    this.#bounceAll(agent, 'AGENT_NOT_RUNNING')
    const { state, failure = agent.lastFailure } = this.#end(agent, isCut)
    agent.discard(parts.timers)
    // Its next life begins with what is being committed: it is not over before that is known.
    if (agent.committing !== undefined) {
      agent.lastFailure = failure
      return
    }
    const ask = agent.stopping ?? 0
    agent.stopping = undefined
    if (!agent.keepsConversations) parts.post.forget(agent.handle)
    parts.agents[agent.slot] = undefined
    parts.counters.setAgent(agent.slot, AGENT_FIGURE.memory, 0)
    // First its last log lines: afterwards its handle may be somebody else's.
    parts.reports.flush(true)
    parts.tell({ kind: 'stopped', ask, state, ...failure === undefined ? {} : { failure } })
  }

  /** What is being committed is main's to keep, and newer than what could be said here. */
  #end (agent: ShardAgent, isCut: boolean): { readonly state: Uint8Array | undefined, readonly failure?: string } {
    const { guest, committing } = agent
    let state = isCut && committing === undefined ? agent.kept : undefined
    try {
      this.turns.begin(agent)
      if (!isCut && committing === undefined) state = guest?.save()
      guest?.stop()
      return { state }
    } catch (error) {
      return { state, failure: messageOf(error) }
    } finally {
      this.turns.end()
    }
  }

  /** Ends a guest without a word, because others that it depends on misbehaved; what is queued waits. */
  rest (slot: number): void {
    const agent = this.parts.agents[slot]
    if (agent === undefined) return
    this.parts.works.abort(agent)
    agent.discard(this.parts.timers)
  }

  /** Everything for the agent goes back, until it is created anew. */
  park (slot: number): void {
    const agent = this.parts.agents[slot]
    if (agent === undefined) return
    // What it said before is known to be over.
    this.parts.reports.flush()
    agent.parked = true
    this.parts.works.abort(agent)
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
        this.#setLasting(agent)
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

  /** Whether a stopping agent has nothing left to do. */
  isIdle (agent: ShardAgent): boolean {
    if (agent.guest === undefined) return agent.committing === undefined
    return this.parts.mailboxes.count(agent.slot) === 0 && agent.open === undefined && agent.committing === undefined
  }

  /** Timers that were kept go on, whatever the new guest set at its start. */
  #setLasting (agent: ShardAgent): void {
    for (const [id, due] of agent.lasting ?? []) {
      this.services.cancelTimer(agent, id)
      this.services.setTimer(agent, Math.max(0, due - Date.now()), id)
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
