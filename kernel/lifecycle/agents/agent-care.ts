import { AgentState, type Clock, type Logger } from '../../contract/index.js'
import type { AgentLife } from './agent-life.js'
import type { AgentLocks } from './agent-locks.js'
import type { AgentRecord } from './agent-record.js'
import type { AgentRoster } from './agent-roster.js'
import type { AgentStore } from './agent-store.js'
import { messageOf } from '../shards/agent-turns.js'
import type { ShardEvent } from '../shards/shard-control.js'
import { Supervision, type SupervisionRules } from './supervision.js'

/** What {@link AgentCare} works with. */
export interface CareParts {
  readonly roster: AgentRoster
  readonly life: Pick<AgentLife, 'restart' | 'shut' | 'bear'>
  readonly locks: AgentLocks
  readonly store: Pick<AgentStore, 'keep'>
  readonly clock: Clock
  readonly log: Logger
}

/**
 * Looks after agents that run: acts on what the shards report, restarts or quarantines who misbehaves. Main thread
 * only.
 */
export class AgentCare {
  readonly #supervision: Supervision
  #stopped = false

  constructor (private readonly parts: CareParts, rules: SupervisionRules) {
    this.#supervision = new Supervision(rules, parts.clock, {
      restart: handle => void this.#restart(handle),
      quarantine: (handle, strikes) => this.#quarantine(handle, `${strikes} strikes in a row`),
    })
  }

  /** No more restarts: the server ends. */
  stop (): void {
    this.#stopped = true
    this.#supervision.stop()
  }

  /** An agent was stopped, removed, or starts with a clean slate. */
  forgive ({ address }: AgentRecord): void {
    this.#supervision.forget(address.handle)
  }

  /** An event of a shard that concerns one agent. */
  heed (event: ShardEvent): void {
    if (event.kind === 'fault') this.#fault(event.handle, `${event.fault}: ${event.message}`)
    if (event.kind === 'announced') for (const { handle, description } of event.announced) this.#announced(handle, description)
  }

  /** A shard's thread is gone with its guests; `blamed` held it too long, 0 none. */
  shardLost (shard: number, blamed: number): void {
    for (const record of this.parts.roster.list()) {
      if (record.place?.shard !== shard || record.state !== AgentState.RUNNING) continue
      record.enter(AgentState.FAILED, 'its shard was lost')
      record.restarts += 1
      // It is created anew when the shard is back, whatever supervision had in mind.
      this.forgive(record)
    }
    if (this.parts.roster.ofHandle(blamed)?.place?.shard !== shard) return
    this.#quarantine(blamed, 'it held its shard longer than the wall limit')
  }

  /** The thread is back: its agents are created anew. */
  async shardBack (shard: number): Promise<void> {
    const { roster, locks, life } = this.parts
    const theirs = roster.list().filter(({ place }) => place?.shard === shard)
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
    this.#supervision.strike(handle)
  }

  async #restart (handle: number): Promise<void> {
    const { roster, locks, life, log } = this.parts
    const record = roster.ofHandle(handle)
    if (record === undefined) return
    await locks.run(record.name, async () => {
      // While it waited for its turn somebody may have stopped, removed or replaced it.
      if (this.#stopped || !roster.isCurrent(record) || record.state !== AgentState.FAILED || record.quarantined) return
      record.restarts += 1
      const failure = await life.restart(record)
      if (failure === undefined) return
      log.warn('an agent could not be restarted', { agent: record.name, reason: failure })
      this.#supervision.strike(handle)
    })
  }

  #quarantine (handle: number, reason: string): void {
    const { roster, life, locks, store, log } = this.parts
    const record = roster.ofHandle(handle)
    if (record === undefined) return
    record.quarantined = true
    record.reason = `quarantined: ${reason}; last: ${record.reason}`
    life.shut(record)
    log.error('an agent is quarantined', { agent: record.name, reason: record.reason })
    void locks.run(record.name, async () => {
      if (roster.isCurrent(record) && record.quarantined) await store.keep(record)
    }).catch((error: unknown) => {
      log.error('a quarantine could not be kept', { agent: record.name, cause: messageOf(error) })
    })
  }

  #announced (handle: number, description: string): void {
    const parsed = JSON.parse(description) as { readonly name: string }
    this.parts.roster.ofHandle(handle)?.capabilities.set(parsed.name, description)
  }
}
