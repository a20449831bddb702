import { AgentState, type AgentManifest, type Clock, type Histogram, type Logger } from '../../contract/index.js'
import type { Address } from '../../routing/frame.js'
import type { Directory } from '../../routing/directory.js'
import { AgentNotFound } from '../../routing/routing-errors.js'
import { CONDITION } from '../../routing/route-table.js'
import type { AgentsConfiguration } from '../configuration/kernel-schema.js'
import { AgentAlreadyExists, AgentBusy, DeployFailed, ModuleTooLarge, TooManyAgents } from './agent-errors.js'
import type { AgentLogs } from './agent-logs.js'
import { AgentLocks } from './agent-locks.js'
import { planOf, samePlan } from './agent-plan.js'
import { AgentRecord, type AgentPlan } from './agent-record.js'
import { stateName } from './agent-states.js'
import type { AgentStore } from './agent-store.js'
import { keyOf, ModuleCache } from './module-cache.js'
import type { ModulePreparation } from './module-preparation.js'
import type { AgentBirth, BirthResult, ShardEvent } from './shard-control.js'
import type { ShardCandidate } from './shard-link.js'
import type { ShardPool } from './shard-pool.js'
import { Supervision, type SupervisionRules } from './supervision.js'

/** Agents that one order to a shard creates, when many are created. */
const BIRTHS = 200

/** What {@link Agents} works with. */
export interface AgentParts {
  readonly settings: AgentsConfiguration
  readonly store: AgentStore
  readonly preparation: ModulePreparation
  readonly pool: ShardPool
  readonly directory: Directory
  readonly logs: AgentLogs
  readonly clock: Clock
  readonly log: Logger
  /** Seconds from an agent's instantiation to its being ready. */
  readonly startup: Histogram
}

/** The agents of this node: deploys, starts, stops, removes and restores them, and acts on what the shards report. Main thread only. */
export class Agents {
  readonly #records = new Map<string, AgentRecord>()
  readonly #byHandle = new Map<number, AgentRecord>()
  readonly #locks = new AgentLocks()
  readonly #modules = new ModuleCache()
  readonly #supervision: Supervision
  #reserved = 0

  constructor (private readonly parts: AgentParts) {
    const { strikes, strike_window, restart_delay, restart_delay_max } = parts.settings
    const rules: SupervisionRules = { strikes, strikeWindow: strike_window, restartDelay: restart_delay, restartDelayMax: restart_delay_max }
    this.#supervision = new Supervision(rules, parts.clock, {
      restart: handle => void this.#restart(handle),
      quarantine: (handle, strikes) => void this.#quarantine(handle, `${strikes} strikes in a row`),
    })
  }

  get size (): number {
    return this.#records.size
  }

  get running (): number {
    let count = 0
    for (const { state } of this.#records.values()) if (state === AgentState.RUNNING) count += 1
    return count
  }

  /** All agents, by name. */
  list (): AgentRecord[] {
    return [...this.#records.values()].sort((one, other) => one.name < other.name ? -1 : 1)
  }

  /** Throws `AGENT_NOT_FOUND`. */
  find (name: string): AgentRecord {
    const record = this.#records.get(name)
    if (record === undefined) throw AgentNotFound({ name })
    return record
  }

  /** Agents whose handle this is, for events of the shards. */
  ofHandle (handle: number): AgentRecord | undefined {
    return this.#byHandle.get(handle)
  }

  /**
   * Deploys an agent: checks and compiles the module, keeps it, starts it. All or nothing: whatever fails, nothing is left behind.
   * `changed` is false when the same agent was there already.
   */
  async deploy (manifest: AgentManifest, module: Uint8Array): Promise<{ readonly record: AgentRecord, readonly changed: boolean }> {
    const { settings } = this.parts
    if (module.length > settings.module_size) throw ModuleTooLarge({ limit: settings.module_size })
    const plan = planOf(manifest, module, settings, this.parts.clock.now())
    return this.#locks.run(plan.name, async () => {
      const existing = this.#records.get(plan.name)
      if (existing !== undefined && samePlan(existing.plan, plan)) {
        if (existing.state !== AgentState.RUNNING && existing.state !== AgentState.DRAINING) await this.#launch(existing)
        return { record: existing, changed: false }
      }
      if (existing !== undefined && !manifest.replace) throw AgentAlreadyExists({ name: plan.name })
      return { record: await this.#deployNew(plan, module, existing), changed: true }
    })
  }

  /** Starts an agent that was stopped, has failed, or is quarantined. */
  start (name: string): Promise<AgentRecord> {
    return this.#locks.run(name, async () => {
      const record = this.find(name)
      if (record.state !== AgentState.RUNNING) await this.#launch(record)
      return record
    })
  }

  /** Lets an agent handle what is queued, for at most `drain` milliseconds, then stops it. */
  stop (name: string, drain: number): Promise<AgentRecord> {
    return this.#locks.run(name, async () => {
      const record = this.find(name)
      await this.#halt(record, drain)
      record.wanted = false
      await this.#keep(record)
      return record
    })
  }

  /** Stops an agent at once if need be, and forgets it. */
  remove (name: string): Promise<void> {
    return this.#locks.run(name, async () => {
      const record = this.find(name)
      await this.#halt(record, 0)
      await this.parts.store.forget(name, this.#isLastUser(record) ? record.plan.module : undefined)
      this.#forget(record)
    })
  }

  /** Brings back every agent of the store. What can't start is kept as failed, with the reason. */
  async restore (): Promise<void> {
    const births: Array<{ record: AgentRecord, birth: AgentBirth }> = []
    for await (const stored of this.parts.store.agents()) {
      const record = this.#enter(stored.plan)
      record.wanted = stored.wanted
      record.quarantined = stored.quarantined
      if (!stored.wanted || stored.quarantined) {
        record.enter(stored.quarantined ? AgentState.FAILED : AgentState.STOPPED, stored.quarantined ? 'quarantined' : '')
        continue
      }
      record.saved = await this.parts.store.state(record.name)
      try {
        await this.#prepare(record)
        births.push({ record, birth: this.#birthOf(record) })
      } catch (error) {
        this.#failed(record, messageOf(error))
      }
    }
    await this.#bearAll(births)
  }

  /** Stops every agent for the server's end: what is queued is handled until `drain` passes, states are saved. */
  async stopAll (drain: number): Promise<void> {
    this.#supervision.stop()
    await Promise.all(this.list().map(record => this.#locks.run(record.name, async () => {
      await this.#halt(record, drain)
    }).catch((error: unknown) => {
      this.parts.log.warn('an agent could not be stopped in good order', { agent: record.name, cause: messageOf(error) })
    })))
  }

  /** An event of a shard that concerns one agent. */
  heed (event: ShardEvent): void {
    if (event.kind === 'fault') this.#fault(event.handle, `${event.fault}: ${event.message}`)
    if (event.kind === 'capability') this.#announced(event.handle, event.description)
  }

  /** A shard's thread is gone with its guests; `blamed` held it too long, 0 none. */
  shardLost (shard: number, blamed: number): void {
    const culprit = this.#byHandle.get(blamed)
    for (const record of this.#records.values()) {
      if (record.place?.shard !== shard || record.state !== AgentState.RUNNING) continue
      record.enter(AgentState.FAILED, 'its shard was lost')
      record.restarts += 1
    }
    if (culprit !== undefined) void this.#quarantine(culprit.address.handle, 'it held its shard longer than the wall limit')
  }

  /** The thread is back: its agents are created anew. */
  async shardBack (shard: number): Promise<void> {
    const births = this.list().filter(record => record.place?.shard === shard && record.wanted && !record.quarantined)
      .map(record => ({ record, birth: this.#birthOf(record) }))
    await this.#bearAll(births)
  }

  async #deployNew (plan: AgentPlan, module: Uint8Array, existing: AgentRecord | undefined): Promise<AgentRecord> {
    const { settings } = this.parts
    if (existing === undefined && this.#records.size + this.#reserved >= settings.max) throw TooManyAgents({ limit: settings.max })
    const record = await this.#admitted(plan, module, existing)
    await this.#beginLife(record, module)
    return record
  }

  /** Prepares the module and enters the agent; its place among the most that are allowed is reserved meanwhile. */
  async #admitted (plan: AgentPlan, module: Uint8Array, existing: AgentRecord | undefined): Promise<AgentRecord> {
    this.#reserved += 1
    try {
      const prepared = await this.#modules.take(plan, () => this.parts.preparation.prepare(module, plan.granted, plan.limits))
      if (existing !== undefined) {
        await this.#halt(existing, 0)
        this.#forget(existing)
      }
      const record = this.#enter(plan)
      record.prepared = prepared
      return record
    } finally {
      this.#reserved -= 1
    }
  }

  /** Keeps and starts a new agent at the same time: either alone would cost the caller its time. */
  async #beginLife (record: AgentRecord, module: Uint8Array): Promise<void> {
    const kept = this.parts.store.keep({ plan: record.plan, wanted: true, quarantined: false }, module)
    const [keeping, living] = await Promise.allSettled([kept, this.#bearOne(record)])
    if (keeping.status === 'fulfilled' && living.status === 'fulfilled') return
    await this.#halt(record, 0).catch(() => {})
    const unused = this.#isLastUser(record) ? record.plan.module : undefined
    this.#forget(record)
    if (keeping.status === 'rejected') throw keeping.reason
    await this.parts.store.forget(record.name, unused)
    if (living.status === 'rejected') throw living.reason
  }

  #enter (plan: AgentPlan): AgentRecord {
    const address: Address | undefined = this.parts.directory.enter(plan.name)
    if (address === undefined) throw TooManyAgents({ limit: this.parts.settings.max })
    const record = new AgentRecord(plan, address)
    this.#records.set(plan.name, record)
    this.#byHandle.set(address.handle, record)
    return record
  }

  #forget (record: AgentRecord): void {
    this.#supervision.forget(record.address.handle)
    if (record.prepared !== undefined) this.#modules.release(record.plan)
    this.parts.directory.remove(record.name)
    this.parts.logs.forget(record.name)
    this.#byHandle.delete(record.address.handle)
    this.#records.delete(record.name)
  }

  async #prepare (record: AgentRecord): Promise<void> {
    if (record.prepared !== undefined) return
    const { store, preparation } = this.parts
    record.prepared = await this.#modules.take(record.plan, async () => {
      const module = await store.module(record.plan.module)
      if (module === undefined) throw DeployFailed({ name: record.name, reason: 'its module is missing from the store' })
      return preparation.prepare(module, record.plan.granted, record.plan.limits)
    })
  }

  /** Starts a record that is not running, from the operator's wish: with a clean slate. */
  async #launch (record: AgentRecord): Promise<void> {
    const { state, address } = record
    if (state !== AgentState.STOPPED && state !== AgentState.FAILED && state !== AgentState.UNLOADED) {
      throw AgentBusy({ name: record.name, state: stateName(state), wanted: 'started' })
    }
    this.#supervision.forget(address.handle)
    await this.#prepare(record)
    record.saved ??= await this.parts.store.state(record.name)
    record.wanted = true
    record.quarantined = false
    await this.#bearOne(record)
    await this.#keep(record)
  }

  async #bearOne (record: AgentRecord): Promise<void> {
    await this.#bearAll([{ record, birth: this.#birthOf(record) }])
    if (record.state !== AgentState.RUNNING) throw DeployFailed({ name: record.name, reason: record.reason })
  }

  async #bearAll (births: ReadonlyArray<{ readonly record: AgentRecord, readonly birth: AgentBirth }>): Promise<void> {
    const shards = new Map<number, ShardCandidate[]>()
    for (const { record, birth } of births) {
      const shard = record.place?.shard ?? 0
      const gathered = shards.get(shard) ?? []
      gathered.push({ birth, artefact: record.prepared?.artefact })
      shards.set(shard, gathered)
    }
    await Promise.all([...shards].map(async ([shard, all]) => {
      for (let first = 0; first < all.length; first += BIRTHS) {
        const batch = all.slice(first, first + BIRTHS)
        this.#born(await this.parts.pool.link(shard).create(batch))
      }
    }))
  }

  #birthOf (record: AgentRecord): AgentBirth {
    const { directory, pool } = this.parts
    record.place ??= pool.takePlace()
    if (record.state !== AgentState.LOADED) record.enter(AgentState.LOADED)
    // Messages may come from now on: they wait in the mailbox until the guest is there.
    directory.place(record.address.handle, record.place.shard + 1, record.place.slot, CONDITION.running)
    const { plan, address, place, prepared, saved } = record
    return {
      handle: address.handle, generation: address.generation, slot: place.slot, name: plan.name, module: keyOf(plan),
      limits: plan.limits, granted: plan.granted, mailboxMessages: plan.mailboxMessages, configuration: plan.configuration,
      state: prepared?.keepsState === true ? saved : undefined,
    }
  }

  #born (results: readonly BirthResult[]): void {
    for (const { handle, failure, milliseconds } of results) {
      this.parts.startup.record(milliseconds / 1e3)
      const record = this.#byHandle.get(handle)
      if (record === undefined) continue
      if (failure === undefined) {
        record.enter(AgentState.READY)
        record.enter(AgentState.RUNNING)
        record.startedAt = this.parts.clock.now()
      } else this.#failed(record, failure)
    }
  }

  /** An agent that can't run at all: nothing more is taken for it. */
  #failed (record: AgentRecord, reason: string): void {
    record.enter(AgentState.FAILED, reason)
    this.parts.directory.setCondition(record.address.handle, CONDITION.failed)
    if (record.place !== undefined) this.parts.pool.link(record.place.shard).tell({ kind: 'park', slot: record.place.slot })
    this.parts.log.warn('an agent could not start', { agent: record.name, reason })
  }

  /** Takes an agent out of its shard. Afterwards it is stopped, or was never running. */
  async #halt (record: AgentRecord, drain: number): Promise<void> {
    const { directory, pool } = this.parts
    const { place, address } = record
    this.#supervision.forget(address.handle)
    if (place === undefined) return
    const wasRunning = record.state === AgentState.RUNNING
    if (wasRunning) record.enter(AgentState.DRAINING)
    directory.setCondition(address.handle, CONDITION.draining)
    const link = pool.link(place.shard)
    const timer = this.parts.clock.after(drain, () => void link.stopAgent(place.slot, '', true).catch(() => {}))
    try {
      const { state, failure } = await link.stopAgent(place.slot, keyOf(record.plan), drain === 0)
      if (failure !== undefined) this.parts.log.warn('an agent did not stop in good order', { agent: record.name, cause: failure })
      // A save that failed leaves the earlier one where it is.
      else if (wasRunning && record.prepared?.keepsState === true) await this.#save(record, state)
    } finally {
      timer.cancel()
      record.place = undefined
      pool.givePlaceBack(place)
      directory.setCondition(address.handle, CONDITION.stopped)
      if (record.state !== AgentState.STOPPED) record.enter(AgentState.STOPPED)
    }
  }

  async #save (record: AgentRecord, state: Uint8Array | undefined): Promise<void> {
    record.saved = state
    await this.parts.store.keepState(record.name, state)
  }

  #keep ({ plan, wanted, quarantined }: AgentRecord): Promise<void> {
    return this.parts.store.keep({ plan, wanted, quarantined }, undefined)
  }

  #fault (handle: number, reason: string): void {
    const record = this.#byHandle.get(handle)
    if (record === undefined || record.state !== AgentState.RUNNING) return
    record.enter(AgentState.FAILED, reason)
    this.parts.log.warn('an agent misbehaved and was stopped', { agent: record.name, reason })
    this.#supervision.strike(handle)
  }

  async #restart (handle: number): Promise<void> {
    const record = this.#byHandle.get(handle)
    if (record?.place === undefined || record.state !== AgentState.FAILED) return
    record.restarts += 1
    record.enter(AgentState.LOADED)
    try {
      const results = await this.parts.pool.link(record.place.shard).restart(record.place.slot)
      if (results[0]?.failure === undefined) this.#born(results)
      else {
        record.enter(AgentState.FAILED, results[0].failure)
        this.#supervision.strike(handle)
      }
    } catch (error) {
      // The shard went away: its agents are created anew when it is back.
      this.parts.log.warn('an agent could not be restarted', { agent: record.name, cause: messageOf(error) })
    }
  }

  async #quarantine (handle: number, reason: string): Promise<void> {
    const record = this.#byHandle.get(handle)
    if (record === undefined) return
    record.quarantined = true
    record.reason = `quarantined: ${reason}; last: ${record.reason}`
    this.parts.directory.setCondition(handle, CONDITION.failed)
    if (record.place !== undefined) this.parts.pool.link(record.place.shard).tell({ kind: 'park', slot: record.place.slot })
    this.parts.log.error('an agent is quarantined', { agent: record.name, reason: record.reason })
    await this.#keep(record).catch((error: unknown) => {
      this.parts.log.error('a quarantine could not be kept', { agent: record.name, cause: messageOf(error) })
    })
  }

  #announced (handle: number, description: string): void {
    const parsed = JSON.parse(description) as { readonly name: string }
    this.#byHandle.get(handle)?.capabilities.set(parsed.name, description)
  }

  #isLastUser ({ plan, name }: AgentRecord): boolean {
    for (const other of this.#records.values()) if (other.name !== name && other.plan.module === plan.module) return false
    return true
  }
}

const messageOf = (error: unknown): string => error instanceof Error ? error.message : String(error)
