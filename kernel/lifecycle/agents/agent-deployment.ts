import { AgentState, type AgentManifest } from '../../contract/index.js'
import type { AgentsConfiguration } from '../configuration/kernel-schema.js'
import type { AgentCare } from './agent-care.js'
import { AgentAlreadyExists, ModuleTooLarge, TooManyAgents } from './agent-errors.js'
import type { LifeParts, AgentLife } from './agent-life.js'
import type { AgentLocks } from './agent-locks.js'
import type { AgentLogs } from './agent-logs.js'
import { planOf, samePlan } from './agent-plan.js'
import type { AgentPlan, AgentRecord } from './agent-record.js'
import type { AgentRoster } from './agent-roster.js'
import { messageOf } from '../shards/agent-turns.js'

/** What {@link AgentDeployment} works with. */
export interface DeploymentParts extends LifeParts {
  readonly settings: AgentsConfiguration
  readonly roster: AgentRoster
  readonly life: AgentLife
  readonly care: AgentCare
  readonly locks: AgentLocks
  readonly logs: AgentLogs
}

/** What a deployment did. `changed` is false when the same agent was there already. */
export interface Deployed {
  readonly record: AgentRecord
  readonly changed: boolean
}

/**
 * Deploys agents: checks and compiles the module, starts the agent, keeps it. All or nothing: whatever fails, nothing
 * is left behind, and an agent that was to be replaced is there again. (It was stopped meanwhile: what it saves is
 * brought back, what waited in its mailbox went back to the senders.)
 */
export class AgentDeployment {
  /** Agents that are being prepared and stand in no list yet. */
  #underWay = 0

  constructor (private readonly parts: DeploymentParts) {}

  async deploy (manifest: AgentManifest, module: Uint8Array): Promise<Deployed> {
    const { settings, clock, locks, roster, life, store, care } = this.parts
    if (module.length > settings.module_size) throw ModuleTooLarge({ limit: settings.module_size })
    const plan = planOf(manifest, module, settings, clock.now())
    return locks.run(plan.name, async () => {
      const existing = roster.ofName(plan.name)
      if (existing === undefined) return { record: await this.#deployNew(plan, module), changed: true }
      if (samePlan(existing.plan, plan)) {
        if (existing.state !== AgentState.RUNNING) {
          care.forgive(existing)
          await life.launch(existing)
          existing.wanted = true
          await store.keep(existing, undefined)
        }
        return { record: existing, changed: false }
      }
      if (!manifest.replace) throw AgentAlreadyExists({ name: plan.name })
      return { record: await this.#replace(existing, plan, module), changed: true }
    })
  }

  async #deployNew (plan: AgentPlan, module: Uint8Array): Promise<AgentRecord> {
    const { settings, roster, store, life } = this.parts
    if (roster.size + this.#underWay >= settings.max) throw TooManyAgents({ limit: settings.max })
    const record = await this.#prepared(plan, module)
    // Kept and started at the same time: either alone would cost the caller its time.
    const kept = store.keep(record, module)
    const [keeping, living] = await Promise.allSettled([kept, life.bearOne(record)])
    if (keeping.status === 'fulfilled' && living.status === 'fulfilled') return record
    const unused = roster.unusedModule(plan)
    await this.#drop(record)
    if (keeping.status === 'rejected') throw keeping.reason
    await store.forget(plan.name, unused)
    if (living.status === 'rejected') throw living.reason
    return record
  }

  async #prepared (plan: AgentPlan, module: Uint8Array): Promise<AgentRecord> {
    const { roster, life, preparation } = this.parts
    this.#underWay += 1
    try {
      const prepared = await life.modules.take(plan, () => preparation.prepare(module, plan.granted, plan.limits))
      const record = roster.enter(plan)
      record.prepared = prepared
      return record
    } finally {
      this.#underWay -= 1
    }
  }

  /** The store keeps the old plan until the new one runs. */
  async #replace (existing: AgentRecord, plan: AgentPlan, module: Uint8Array): Promise<AgentRecord> {
    const { roster, life, preparation, store, care, logs } = this.parts
    const prepared = await life.modules.take(plan, () => preparation.prepare(module, plan.granted, plan.limits))
    const isStarted = existing.state === AgentState.RUNNING || existing.state === AgentState.FAILED
    care.forgive(existing)
    await life.halt(existing, 0, true)
    roster.forget(existing)
    const record = roster.enter(plan)
    record.prepared = prepared
    try {
      await life.bearOne(record)
      await store.keep(record, module, existing.plan.module === plan.module ? undefined : roster.unusedModule(existing.plan))
    } catch (error) {
      await this.#drop(record)
      await this.#bringBack(existing, isStarted)
      throw error
    }
    life.release(existing)
    logs.forget(plan.name)
    return record
  }

  async #drop (record: AgentRecord): Promise<void> {
    const { life, roster, care } = this.parts
    care.forgive(record)
    await life.halt(record, 0, false)
    roster.forget(record)
    life.release(record)
  }

  async #bringBack (former: AgentRecord, isStarted: boolean): Promise<void> {
    const { roster, life, log } = this.parts
    const record = roster.enter(former.plan)
    record.prepared = former.prepared
    record.saved = former.saved
    record.wanted = former.wanted
    record.quarantined = former.quarantined
    record.restarts = former.restarts
    if (record.quarantined) record.enter(AgentState.FAILED, former.reason)
    else if (!isStarted || !record.wanted) record.enter(AgentState.STOPPED)
    else {
      await life.bearOne(record).catch((error: unknown) => {
        log.error('an agent that could not be replaced could not be started again', { agent: record.name, cause: messageOf(error) })
      })
    }
  }
}
