import { AgentHost, type HostServices } from './agent-host.js'
import { messageOf, type AgentTurns } from './agent-turns.js'
import type { PendingUpgrade } from './pending-upgrade.js'
import { ShardAgent } from './shard-agent.js'
import type { Control } from './shard-control.js'
import { AGENT_FIGURE } from './shard-memory.js'
import type { ShardModules } from './shard-modules.js'
import type { ShardParts } from './shard-parts.js'

/**
 * Puts new versions into the place of running agents: the old one saves, the new one starts and takes the state over,
 * both wait until main has kept the new one, then one of them goes on. Handle, mailbox and conversations stay with the
 * place, so that nothing that is under way notices.
 */
export class AgentUpgrades {
  /** Agents whose old version still handles what was queued. */
  readonly #draining = new Set<ShardAgent>()

  constructor (
    private readonly parts: ShardParts, private readonly turns: AgentTurns,
    private readonly modules: ShardModules, private readonly services: HostServices,
  ) {}

  begin ({ ask, drain, agent: birth, takesState, modules }: Extract<Control, { kind: 'upgrade' }>): void {
    const { agents, mailboxes, tell } = this.parts
    for (const [key, artefact] of modules) this.modules.add(key, artefact)
    const agent = agents[birth.slot]
    if (agent === undefined || agent.handle !== birth.handle || agent.upgrade !== undefined || agent.stopping !== undefined) {
      tell({ kind: 'upgraded', ask, milliseconds: 0, failure: 'its shard does not have it, or is stopping it', state: undefined })
      return
    }
    const next = new ShardAgent(this.modules.settled(birth), this.modules.artefact(birth.module), this.parts.names)
    next.silence = 'trial'
    const left = drain === 0 || agent.guest === undefined ? 0 : mailboxes.count(agent.slot)
    agent.upgrade = { ask, next, takesState, left, until: performance.now() + drain, held: undefined }
    this.#draining.add(agent)
    this.#switchIfDue(agent, agent.upgrade)
  }

  /** An agent with an upgrade under way had so many turns. */
  served (agent: ShardAgent, upgrade: PendingUpgrade<ShardAgent>, turns: number): void {
    upgrade.left -= turns
    this.#switchIfDue(agent, upgrade)
  }

  /** Switches those whose time for draining is over. */
  look (): void {
    if (this.#draining.size === 0) return
    const now = performance.now()
    for (const agent of this.#draining) {
      const { upgrade } = agent
      if (upgrade === undefined) continue
      // From here on it takes no more; what it did must be kept before it is handed over.
      if (upgrade.until <= now) upgrade.left = 0
      this.#switchIfDue(agent, upgrade)
    }
  }

  /** Monotonic time at which {@link look} has something to do, or Infinity. */
  get due (): number {
    if (this.#draining.size === 0) return Infinity
    let due = Infinity
    // One that only waits for a commit is told of it.
    for (const { upgrade } of this.#draining) if (upgrade !== undefined && upgrade.left > 0) due = Math.min(due, upgrade.until)
    return due
  }

  /** The new version takes the place, or the old one goes on. */
  settle (slot: number, accept: boolean): void {
    const { agents, timers } = this.parts
    const agent = agents[slot]
    const upgrade = agent?.upgrade
    if (agent === undefined || upgrade?.held === undefined) return
    const { before, late } = upgrade.held
    for (const entry of late) timers.add(entry)
    agent.upgrade = undefined
    agent.guest = before
    if (accept) this.#replace(agent, upgrade.next)
    else this.#resume(agent, upgrade.next)
  }

  #replace (agent: ShardAgent, next: ShardAgent): void {
    const { agents, mailboxes, reports } = this.parts
    next.silence = undefined
    agents[next.slot] = next
    mailboxes.bound(next.slot, next.birth.mailboxMessages)
    this.#stop(agent)
    for (const notice of next.notices.splice(0)) reports.announce({ handle: next.handle, notice })
    this.#goOn(next)
  }

  #resume (agent: ShardAgent, next: ShardAgent): void {
    const { timers } = this.parts
    next.discard(timers)
    // Somebody shut it meanwhile.
    if (agent.parked) agent.discard(timers)
    this.#goOn(agent)
  }

  #goOn (agent: ShardAgent): void {
    const { mailboxes, runQueue, counters } = this.parts
    counters.setAgent(agent.slot, AGENT_FIGURE.memory, agent.guest?.memoryBytes() ?? 0)
    if (agent.guest !== undefined && mailboxes.count(agent.slot) > 0) runQueue.add(agent)
  }

  /** The old version's last words. */
  #stop (agent: ShardAgent): void {
    const { stamp, timers, reports } = this.parts
    stamp.beginTrace()
    this.turns.begin(agent)
    try {
      agent.guest?.stop()
    } catch (error) {
      reports.log({ handle: agent.handle, at: Date.now(), level: 2, text: `the old version failed to stop: ${messageOf(error)}` })
    } finally {
      this.turns.end()
      agent.discard(timers)
    }
  }

  #switchIfDue (agent: ShardAgent, upgrade: PendingUpgrade<ShardAgent>): void {
    if (upgrade.held !== undefined || !agent.isQuiet) return
    if (upgrade.left <= 0 || agent.guest === undefined) this.#switch(agent, upgrade)
  }

  #switch (agent: ShardAgent, upgrade: PendingUpgrade<ShardAgent>): void {
    const began = performance.now()
    const { tell, timers, reports } = this.parts
    const { ask, next } = upgrade
    this.#draining.delete(agent)
    const { state, failure = this.#failureOf(agent, upgrade, state) } = this.#saved(agent)
    if (failure === undefined && next.guest !== undefined) {
      upgrade.held = { before: agent.guest, late: [] }
      next.kept = upgrade.takesState ? state : undefined
      next.lasting = agent.lasting
      next.repeats = agent.repeats
      agent.guest = undefined
    } else {
      agent.upgrade = undefined
      next.discard(timers)
      this.#goOn(agent)
    }
    // First what either version said.
    reports.flush()
    tell({ kind: 'upgraded', ask, milliseconds: performance.now() - began, state, ...failure === undefined ? {} : { failure } })
  }

  /** A version that can't even save has misbehaved as on a message. */
  #saved (agent: ShardAgent): { readonly state: Uint8Array | undefined, readonly failure?: string } {
    if (agent.guest === undefined) return { state: agent.kept }
    this.turns.begin(agent)
    try {
      return { state: agent.guest.save() }
    } catch (error) {
      this.turns.fault(agent, error)
      return { state: undefined, failure: `the old version failed to save its state: ${messageOf(error)}` }
    } finally {
      this.turns.end()
    }
  }

  #failureOf (agent: ShardAgent, { next, takesState }: PendingUpgrade<ShardAgent>, state: Uint8Array | undefined): string | undefined {
    const { factory, stamp } = this.parts
    stamp.beginTrace()
    this.#inheritTimers(agent, next)
    this.turns.begin(next)
    try {
      return next.bear(factory, new AgentHost(next, this.services), takesState ? state : undefined)
    } catch (error) {
      return messageOf(error)
    } finally {
      this.turns.end()
    }
  }

  /** What the old version wanted to be woken for, the new one is woken for, unless it decides otherwise. */
  #inheritTimers (agent: ShardAgent, next: ShardAgent): void {
    for (const { due, owner, id, cause } of agent.timers?.values() ?? []) {
      const entry = { due, owner, id, cause, cancelled: false }
      next.timers ??= new Map()
      next.timers.set(id, entry)
      this.parts.timers.add(entry)
    }
  }
}
