import { AgentState, type Clock, type Logger, type SecurityEvents } from '../../contract/index.js'
import type { AgentLife } from './agent-life.js'
import type { AgentLocks } from './agent-locks.js'
import type { AgentRecord } from './agent-record.js'
import type { AgentRoster } from './agent-roster.js'
import type { AgentStore } from './agent-store.js'
import { messageOf } from '../shards/agent-turns.js'
import type { ShardEvent } from '../shards/shard-control.js'
import { DownMembers } from './down-members.js'
import { sharing } from './supervision-group.js'
import { Supervision, type Supervised, type SupervisionRules } from './supervision.js'

/** What {@link AgentCare} works with. */
export interface CareParts {
  readonly roster: AgentRoster
  readonly life: Pick<AgentLife, 'restart' | 'rest' | 'shut' | 'bear'>
  readonly locks: AgentLocks
  readonly store: Pick<AgentStore, 'keep'>
  readonly clock: Clock
  readonly log: Logger
  readonly events: SecurityEvents
  /** Told of who was quarantined. May not throw. */
  readonly quarantined: (record: AgentRecord) => void
}

/**
 * Looks after agents that run: acts on what the shards report, restarts or quarantines who misbehaves. Main thread
 * only.
 */
export class AgentCare {
  readonly #supervision: Supervision
  readonly #down = new DownMembers()
  #stopped = false

  constructor (private readonly parts: CareParts, rules: SupervisionRules) {
    this.#supervision = new Supervision(rules, parts.clock, {
      restart: who => void this.#restart(who),
      quarantine: (who, strikes) => this.#quarantine(this.#misbehaved(who), `${strikes} strikes in a row`),
    })
  }

  /** No more restarts: the server ends. */
  stop (): void {
    this.#stopped = true
    this.#supervision.stop()
  }

  /** An agent was stopped, removed, or starts with a clean slate. */
  forgive (record: AgentRecord): void {
    this.#supervision.forget(record.address.handle)
    const { group } = record.plan
    // The others of its group go on waiting.
    if (group !== undefined && this.#down.remove(group.name, record)) this.#supervision.forget(group.name)
  }

  /** Ends an agent's life at once, until somebody lets it out again. Whoever calls has its lock, and keeps it. */
  shutAway (record: AgentRecord, reason: string): void {
    const { life, events, quarantined } = this.parts
    this.forgive(record)
    if (record.state === AgentState.RUNNING) record.enter(AgentState.FAILED)
    record.quarantined = true
    record.reason = `quarantined: ${reason}${record.reason === '' ? '' : `; last: ${record.reason}`}`
    life.shut(record)
    record.tellChanged()
    quarantined(record)
    events.note({ what: 'agent-quarantined', resource: record.name, result: 'warning', because: record.reason })
  }

  /** An event of a shard that concerns one agent. */
  heed (event: ShardEvent): void {
    if (event.kind === 'fault') this.#fault(event.handle, `${event.fault}: ${event.message}`)
  }

  /** A shard's thread is gone with its guests; `blamed` held it too long, 0 none. */
  shardLost (shard: number, blamed: number): void {
    for (const record of this.parts.roster.all()) {
      if (record.place?.shard !== shard || record.state !== AgentState.RUNNING) continue
      record.enter(AgentState.FAILED, 'its shard was lost')
      record.restarts += 1
      // It is created anew when the shard is back, whatever supervision had in mind.
      this.forgive(record)
    }
    const holder = this.parts.roster.ofHandle(blamed)
    if (holder?.place?.shard !== shard) return
    this.#quarantine(holder, 'it held its shard longer than the wall limit')
  }

  /** The thread is back: its agents are created anew. */
  async shardBack (shard: number): Promise<void> {
    const { roster, locks, life } = this.parts
    const theirs = roster.all().filter(({ place }) => place?.shard === shard)
    await Promise.all(theirs.map(record => locks.run(record.name, async () => {
      const isLost = roster.isCurrent(record) && record.place?.shard === shard && record.state === AgentState.FAILED
      if (!this.#stopped && isLost && record.wanted && !record.quarantined) await life.bear([record])
    })))
  }

  #fault (handle: number, reason: string): void {
    const record = this.parts.roster.ofHandle(handle)
    if (record === undefined || record.state !== AgentState.RUNNING) return
    record.enter(AgentState.FAILED, reason)
    this.parts.log.warn('an agent misbehaved and was stopped', { agent: record.name, reason })
    this.#strike(record)
  }

  /** Who shares the fate of a member of a group rests with it until the group is restarted. */
  #strike (record: AgentRecord): void {
    const { group } = record.plan
    if (group === undefined || !this.parts.roster.isNamed(record)) {
      this.#supervision.strike(record.address.handle)
      return
    }
    const sharers = sharing(record, this.parts.roster.ofGroup(group.name))
    for (const other of sharers) {
      if (other === record || other.state !== AgentState.RUNNING) continue
      other.enter(AgentState.FAILED, `it restarts with "${record.name}" of its group "${group.name}"`)
      this.parts.life.rest(other)
    }
    const waiting = sharers.filter(({ state, quarantined }) => state === AgentState.FAILED && !quarantined)
    this.#down.add(group.name, record, waiting)
    this.#supervision.strike(group.name)
  }

  async #restart (who: Supervised): Promise<void> {
    const { roster, locks } = this.parts
    if (typeof who === 'string') {
      // One restart of a group at a time. No agent has such a name.
      await locks.run(`group ${who}`, () => this.#restartGroup(who))
      return
    }
    const record = roster.ofHandle(who)
    if (record !== undefined) await this.#restartOne(record)
  }

  /** In order, each after the one before. One that fails strikes again, and the rest wait with it. */
  async #restartGroup (group: string): Promise<void> {
    for (const record of this.#down.waiting(group)) {
      if (!this.#down.has(group, record)) continue
      this.#down.remove(group, record)
      if (!await this.#restartOne(record)) return
    }
  }

  /** Answers false when the agent could not start. */
  async #restartOne (record: AgentRecord): Promise<boolean> {
    const { roster, locks, life, log } = this.parts
    return await locks.run(record.name, async () => {
      // While it waited for its turn somebody may have stopped, removed or replaced it.
      if (this.#stopped || !roster.isCurrent(record) || record.state !== AgentState.FAILED || record.quarantined) return true
      record.restarts += 1
      const failure = await life.restart(record)
      if (failure === undefined) return true
      log.warn('an agent could not be restarted', { agent: record.name, reason: failure })
      this.#strike(record)
      return false
    })
  }

  #misbehaved (who: Supervised): AgentRecord | undefined {
    return typeof who === 'string' ? this.#down.latest(who) : this.parts.roster.ofHandle(who)
  }

  /** Takes an agent out for good, and who shares its fate; last first. */
  #quarantine (record: AgentRecord | undefined, reason: string): void {
    if (record === undefined) return
    const { roster } = this.parts
    const { group } = record.plan
    const sharers = group === undefined || !roster.isNamed(record) ? [record] : sharing(record, roster.ofGroup(group.name))
    for (const other of sharers.toReversed()) {
      if (other.quarantined || other.place === undefined) continue
      this.#takeOut(other, other === record ? reason : `with "${record.name}" of its group`)
      if (group !== undefined) this.#down.remove(group.name, other)
    }
    // Of those that did not share it nobody would think any more.
    if (group !== undefined) void this.#restart(group.name)
  }

  #takeOut (record: AgentRecord, reason: string): void {
    const { roster, locks, store, log } = this.parts
    this.shutAway(record, reason)
    void locks.run(record.name, async () => {
      if (roster.isNamed(record) && record.quarantined) await store.keep(record)
    }).catch((error: unknown) => {
      log.error('a quarantine could not be kept', { agent: record.name, cause: messageOf(error) })
    })
  }
}
