import { AgentState, type Clock, type Histogram, type Logger, type PreparedModule } from '../../contract/index.js'
import type { Directory } from '../../routing/directory/directory.js'
import { CONDITION } from '../../routing/directory/route-table.js'
import type { AgentAdmission } from './agent-admission.js'
import { AgentBusy, DeployFailed } from './agent-errors.js'
import type { AgentPlace, AgentPlan, AgentRecord } from './agent-record.js'
import { stateName } from './agent-states.js'
import type { AgentStore } from './agent-store.js'
import { messageOf } from '../shards/agent-turns.js'
import { birthOf } from './birth-order.js'
import { keyOf, ModuleCache } from './module-cache.js'
import type { ModulePreparation } from './module-preparation.js'
import type { AgentBirth, BirthResult } from '../shards/shard-control.js'
import type { ShardPool } from '../shards/shard-pool.js'

/** Agents that one order to a shard creates, when many are created. */
const BIRTHS = 200

/** What {@link AgentLife} works with. */
export interface LifeParts {
  readonly store: AgentStore
  readonly admission: AgentAdmission
  readonly preparation: Pick<ModulePreparation, 'prepare'>
  readonly pool: Pick<ShardPool, 'link' | 'places'>
  readonly directory: Directory
  readonly clock: Clock
  readonly log: Logger
  /** Seconds from an agent's instantiation to its being ready. */
  readonly startup: Histogram
}

/**
 * Brings agents to life in a shard and takes them out of it. Whoever calls holds the agent's lock. Main thread only.
 */
export class AgentLife {
  readonly modules = new ModuleCache()

  constructor (private readonly parts: LifeParts) {}

  /** Makes an agent's module ready to run, from the store. */
  async prepare (record: AgentRecord): Promise<void> {
    if (record.prepared !== undefined) return
    const { store, admission } = this.parts
    record.prepared = await this.ready(record.plan, async () => {
      const module = await store.module(record.plan.module)
      if (module === undefined) throw DeployFailed({ name: record.name, reason: 'its module is missing from the store' })
      admission.checkModule(record.plan, module)
      return module
    })
  }

  /**
   * A plan's module, ready to run; every success is given back to {@link modules}. `moduleOf` answers the bytes that the plan names;
   * `sound`: as in the contract's `ModulePreparer`. Throws what this node or the engine refuses.
   */
  async ready (plan: AgentPlan, moduleOf: () => Promise<Uint8Array>, sound?: () => void): Promise<PreparedModule> {
    const { admission, preparation } = this.parts
    admission.admit(plan)
    return await this.modules.take(plan, async () => {
      return await preparation.prepare(await moduleOf(), plan.granted, plan.limits, sound)
    })
  }

  /** Gives an agent's module back when its record is no longer needed. */
  release (record: AgentRecord): void {
    if (record.prepared !== undefined) this.modules.release(record.plan)
    record.prepared = undefined
  }

  /** Starts a record that is not running, from the operator's wish. Throws `AGENT_BUSY` or `DEPLOYMENT_FAILED`. */
  async launch (record: AgentRecord): Promise<void> {
    const { state } = record
    if (state !== AgentState.STOPPED && state !== AgentState.FAILED && state !== AgentState.UNLOADED) {
      throw AgentBusy({ name: record.name, state: stateName(state), wanted: 'started' })
    }
    await this.prepare(record)
    record.saved ??= await this.parts.store.state(record.name)
    record.quarantined = false
    await this.bearOne(record)
  }

  /** Creates one agent. Throws `DEPLOYMENT_FAILED` with the reason when it does not run afterwards. */
  async bearOne (record: AgentRecord): Promise<void> {
    await this.bear([record])
    if (record.state !== AgentState.RUNNING) throw DeployFailed({ name: record.name, reason: record.reason })
  }

  /** Creates agents in their shards. Those that could not start have failed afterwards, with the reason. */
  async bear (records: readonly AgentRecord[]): Promise<void> {
    const shards = new Map<number, AgentRecord[]>()
    for (const record of records) {
      const { shard } = this.#placeOf(record)
      const gathered = shards.get(shard) ?? []
      gathered.push(record)
      shards.set(shard, gathered)
    }
    await Promise.all([...shards].map(async ([shard, all]) => {
      for (let first = 0; first < all.length; first += BIRTHS) await this.#bearBatch(shard, all.slice(first, first + BIRTHS))
    }))
  }

  /** Gives an agent that misbehaved a new guest. Returns why it could not start, if so. */
  async restart (record: AgentRecord): Promise<string | undefined> {
    if (record.place === undefined) return undefined
    record.enter(AgentState.LOADED)
    try {
      const [result] = await this.parts.pool.link(record.place.shard).restart(record.place.slot)
      const failure = result === undefined ? 'its shard does not know it any more' : result.failure
      if (failure === undefined) this.running(record)
      else record.enter(AgentState.FAILED, failure)
      return failure
    } catch (error) {
      // The shard went away: its agents are created anew when it is back.
      record.enter(AgentState.FAILED, `its shard was lost: ${messageOf(error)}`)
      return undefined
    }
  }

  /** An agent that can't run at all: nothing more is taken for it. */
  fail (record: AgentRecord, reason: string): void {
    record.enter(AgentState.FAILED, reason)
    this.shut(record)
    this.parts.log.warn('an agent could not start', { agent: record.name, reason })
  }

  /** Ends the guest of an agent that is to be restarted with others; what comes for it waits. */
  rest (record: AgentRecord): void {
    if (record.place !== undefined) this.parts.pool.link(record.place.shard).tell({ kind: 'rest', slot: record.place.slot })
  }

  /** Takes no more messages for an agent, and gives back those that wait. */
  shut (record: AgentRecord): void {
    this.parts.directory.setCondition(record.address.handle, CONDITION.failed)
    if (record.place !== undefined) this.parts.pool.link(record.place.shard).tell({ kind: 'park', slot: record.place.slot })
  }

  /**
   * Takes an agent out of its shard: what is queued is handled for at most `drain` milliseconds. Afterwards it is
   * stopped, or was never running. `keepsState`: what it saves is kept. `keepsConversations`: those that it began
   * stay open for its next start. Throws only when the store does.
   */
  async halt (record: AgentRecord, drain: number, keepsState: boolean, keepsConversations = false): Promise<void> {
    const { directory, pool, store } = this.parts
    const { place, address } = record
    if (place === undefined) return
    const wasRunning = record.state === AgentState.RUNNING
    if (wasRunning) record.enter(AgentState.DRAINING)
    directory.setCondition(address.handle, CONDITION.draining)
    const state = await this.#end(record, place, drain, keepsConversations)
    record.place = undefined
    pool.places.giveBack(place)
    directory.setCondition(address.handle, CONDITION.stopped)
    if (record.state !== AgentState.STOPPED) record.enter(AgentState.STOPPED)
    if (!wasRunning || !keepsState || record.prepared?.keepsState !== true || state === undefined) return
    record.saved = { version: record.plan.version, bytes: state }
    await store.keepState(record.name, record.saved)
  }

  async #end (record: AgentRecord, place: AgentPlace, drain: number, keeps: boolean): Promise<Uint8Array | undefined> {
    const { clock, log, pool } = this.parts
    const link = pool.link(place.shard)
    const wasRunning = record.state === AgentState.DRAINING
    const timer = clock.after(drain, () => void link.stopAgent(place.slot, true, keeps).catch(() => {}))
    try {
      const { state, failure } = await link.stopAgent(place.slot, drain === 0, keeps)
      if (failure !== undefined && wasRunning) {
        log.warn('an agent did not stop in good order', { agent: record.name, cause: failure })
      }
      return state
    } catch (error) {
      // Its thread is gone, and the agent with it.
      log.warn('an agent went away with its shard while it was stopped', { agent: record.name, cause: messageOf(error) })
      return undefined
    } finally {
      timer.cancel()
      link.releaseModule(keyOf(record.plan))
    }
  }

  #placeOf (record: AgentRecord): AgentPlace {
    record.place ??= this.parts.pool.places.take(record.preferredShard)
    return record.place
  }

  async #bearBatch (shard: number, records: readonly AgentRecord[]): Promise<void> {
    const { pool, directory } = this.parts
    const candidates = records.map(record => ({ birth: this.#birthOf(record), artefact: record.prepared?.artefact }))
    try {
      const created = pool.link(shard).create(candidates)
      // The order is on its way: a shard looks at its orders before it takes a message.
      for (const { birth: { handle, slot } } of candidates) directory.place(handle, shard + 1, slot, CONDITION.running)
      this.#born(records, await created)
    } catch (error) {
      // They stay wanted: when the shard is back they are created anew.
      for (const record of records) record.enter(AgentState.FAILED, `its shard was lost: ${messageOf(error)}`)
    }
  }

  #birthOf (record: AgentRecord): AgentBirth {
    const place = this.#placeOf(record)
    if (record.state !== AgentState.LOADED) record.enter(AgentState.LOADED)
    const { plan, address, prepared, saved } = record
    const state = prepared?.keepsState === true ? saved : undefined
    return birthOf(plan, address, place.slot, state, { isShadow: record.isShadow, timers: [...record.timers] })
  }

  #born (records: readonly AgentRecord[], results: readonly BirthResult[]): void {
    const failures = new Map(results.map(({ handle, failure }) => [handle, failure]))
    for (const { milliseconds } of results) this.parts.startup.record(milliseconds / 1e3)
    for (const record of records) {
      const failure = failures.get(record.address.handle)
      if (failure === undefined) this.running(record)
      else this.fail(record, failure)
    }
  }

  /** An agent has a working guest. */
  running (record: AgentRecord): void {
    if (record.state !== AgentState.LOADED) record.enter(AgentState.LOADED)
    record.enter(AgentState.READY)
    record.enter(AgentState.RUNNING)
    record.startedAt = this.parts.clock.now()
  }
}
