import { AgentState, type PreparedModule } from '../../contract/index.js'
import { CONDITION } from '../../routing/directory/route-table.js'
import { DeployFailed } from './agent-errors.js'
import type { AgentLife, LifeParts } from './agent-life.js'
import type { AgentPlace, AgentPlan, AgentRecord, SavedState } from './agent-record.js'
import type { AgentRoster } from './agent-roster.js'
import { birthOf } from './birth-order.js'
import { keyOf } from './module-cache.js'

/** What {@link AgentReplacement} works with. */
export interface ReplacementParts extends Pick<LifeParts, 'store' | 'pool' | 'directory' | 'startup' | 'log'> {
  readonly life: AgentLife
  readonly roster: Pick<AgentRoster, 'unusedModule'>
}

/** A new version, checked and compiled. */
export interface NewVersion {
  readonly plan: AgentPlan
  readonly prepared: PreparedModule
  readonly module: Uint8Array
}

/**
 * Puts a new version into the place of an agent, with its name, handle, mailbox, conversations and state. The store
 * keeps the old one until the new one works. Whatever fails, all is as it was. Whoever calls holds the agent's lock.
 */
export class AgentReplacement {
  constructor (private readonly parts: ReplacementParts) {}

  /**
   * @param drain Milliseconds that the old version may take for what is queued; 0: that is left to the new one.
   * @throws `DEPLOYMENT_FAILED`, `AGENTS_STOPPING` and what the store throws.
   */
  async replace (record: AgentRecord, version: NewVersion, drain: number): Promise<void> {
    const former = record.plan
    if (record.place !== undefined && !record.quarantined) await this.#upgrade(record, record.place, version, drain)
    else await this.#beginAnew(record, version)
    record.wanted = true
    record.quarantined = false
    this.parts.life.modules.release(former)
  }

  async #upgrade (record: AgentRecord, place: AgentPlace, version: NewVersion, drain: number): Promise<void> {
    const { pool, startup, log } = this.parts
    const { plan, prepared } = version
    const link = pool.link(place.shard)
    const birth = { ...birthOf(plan, record.address, place.slot, undefined), stateVersion: record.plan.version }
    const { failure, state, milliseconds } = await link.upgrade({ birth, artefact: prepared.artefact }, prepared.keepsState, drain)
    if (failure !== undefined) {
      link.releaseModule(keyOf(plan))
      const reason = `${failure}; version ${record.plan.version} goes on`
      log.warn('a new version could not take over', { agent: record.name, version: plan.version, reason })
      throw DeployFailed({ name: record.name, reason })
    }
    startup.record(milliseconds / 1e3)
    const saved = prepared.keepsState && state !== undefined ? { version: record.plan.version, bytes: state } : undefined
    try {
      await this.#keep(version, saved, record.plan)
    } catch (error) {
      link.settle(place.slot, false)
      link.releaseModule(keyOf(plan))
      throw error
    }
    const formerKey = keyOf(record.plan)
    this.#take(record, version, saved)
    record.forgetAnnounced()
    link.settle(place.slot, true)
    link.releaseModule(formerKey)
    this.#works(record)
  }

  /** It has no guest, or none that anybody wants back: the new version begins with what was saved at the latest. */
  async #beginAnew (record: AgentRecord, version: NewVersion): Promise<void> {
    const { life, store } = this.parts
    const { plan, prepared, quarantined, reason } = record
    await life.halt(record, 0, true)
    const saved = record.saved ?? await store.state(record.name)
    this.#take(record, version, version.prepared.keepsState ? saved : undefined)
    try {
      await life.bearOne(record)
      await this.#keep(version, record.saved, plan)
    } catch (error) {
      await life.halt(record, 0, false)
      this.#take(record, { plan, prepared }, saved)
      if (quarantined) {
        if (record.state !== AgentState.FAILED) record.enter(AgentState.UNLOADED)
        record.enter(AgentState.FAILED, reason)
      }
      throw error
    }
  }

  /** Whether nobody needs the former code any more is looked at now: while the old version drained, somebody may have deployed it. */
  async #keep ({ plan, module }: NewVersion, saved: SavedState | undefined, former: AgentPlan): Promise<void> {
    const { store, roster } = this.parts
    const unused = former.module === plan.module ? undefined : roster.unusedModule(former)
    await store.keepVersion({ plan, wanted: true, quarantined: false }, module, saved, unused)
  }

  #take (record: AgentRecord, { plan, prepared }: Pick<AgentRecord, 'plan' | 'prepared'>, saved: SavedState | undefined): void {
    record.plan = plan
    record.prepared = prepared
    record.saved = saved
  }

  /** An agent that had misbehaved before works again with its new version. */
  #works (record: AgentRecord): void {
    const { directory, life } = this.parts
    if (record.state === AgentState.RUNNING) return
    life.running(record)
    directory.setCondition(record.address.handle, CONDITION.running)
  }
}
