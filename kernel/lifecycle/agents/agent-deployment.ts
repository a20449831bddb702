import { AgentState, ReplaceStrategy, type AgentManifest, type PreparedModule } from '../../contract/index.js'
import type { AgentsConfiguration } from '../configuration/kernel-schema.js'
import type { AgentCare } from './agent-care.js'
import { AgentAlreadyExists, ManifestInvalid, ModuleTooLarge, TooManyAgents } from './agent-errors.js'
import type { LifeParts, AgentLife } from './agent-life.js'
import type { AgentLocks } from './agent-locks.js'
import { planOf, samePlan } from './agent-plan.js'
import { refuseHeld } from './agent-quarantine.js'
import { NewAgentKeeping } from './new-agent-keeping.js'
import type { AgentPlan, AgentRecord } from './agent-record.js'
import type { AgentRoster } from './agent-roster.js'
import { termsOf } from './rollout-terms.js'
import type { Rollouts } from './rollouts.js'
import { AgentReplacement } from './agent-replacement.js'

/** What {@link AgentDeployment} works with. */
export interface DeploymentParts extends LifeParts {
  readonly settings: AgentsConfiguration
  readonly roster: AgentRoster
  readonly life: AgentLife
  readonly care: AgentCare
  readonly locks: AgentLocks
  readonly rollouts: Rollouts
}

/** What a deployment did. `changed` is false when the same agent was there already. */
export interface Deployed {
  readonly record: AgentRecord
  readonly changed: boolean
}

/** How long an old version may take for what is queued when nobody says, and at most, in milliseconds. */
const DRAIN = 30_000
const LONGEST_DRAIN = 600_000

/**
 * Deploys agents: checks and compiles the module, starts the agent, keeps it. All or nothing: whatever fails, nothing
 * is left behind, and an agent that was to be replaced goes on.
 */
export class AgentDeployment {
  /** Agents that are being prepared and stand in no list yet. */
  #underWay = 0

  readonly #replacement: AgentReplacement

  constructor (private readonly parts: DeploymentParts) {
    this.#replacement = new AgentReplacement(parts)
  }

  async deploy (manifest: AgentManifest, module: Uint8Array): Promise<Deployed> {
    const { settings, clock, locks, roster, life, store, care, rollouts } = this.parts
    if (module.length > settings.module_size) throw ModuleTooLarge({ limit: settings.module_size })
    const plan = planOf(manifest, module, settings, clock.now())
    return locks.run(plan.name, async () => {
      this.#refuseDiscord(plan)
      const existing = roster.ofName(plan.name)
      if (existing === undefined) return { record: await this.#deployNew(plan, module), changed: true }
      refuseHeld(existing)
      if (samePlan(existing.plan, plan)) {
        if (existing.state !== AgentState.RUNNING) {
          care.forgive(existing)
          await life.launch(existing)
          existing.wanted = true
          await store.keep(existing)
        }
        return { record: existing, changed: false }
      }
      if (!manifest.replace) throw AgentAlreadyExists({ name: plan.name })
      rollouts.refuseSecond(plan.name)
      await this.#replace(existing, { ...plan, version: existing.plan.version + 1, claim: existing.plan.claim }, module, manifest)
      return { record: existing, changed: true }
    })
  }

  /** The members of a group have one strategy. */
  #refuseDiscord ({ name, group }: AgentPlan): void {
    if (group === undefined) return
    const other = this.parts.roster.ofGroup(group.name).find(member => member.name !== name)
    const theirs = other?.plan.group?.strategy ?? group.strategy
    if (theirs === group.strategy) return
    throw ManifestInvalid({ setting: 'group_strategy', problem: `the group "${group.name}" has the strategy ${theirs} already` })
  }

  async #deployNew (plan: AgentPlan, module: Uint8Array): Promise<AgentRecord> {
    const { settings, roster } = this.parts
    if (roster.versions + this.#underWay >= settings.max) throw TooManyAgents({ limit: settings.max })
    const keeping = new NewAgentKeeping(plan, module, this.parts)
    try {
      const record = await this.#prepared(plan, module, keeping)
      await this.#started(record, keeping)
      return record
    } catch (error) {
      await keeping.takeBack()
      throw error
    }
  }

  async #prepared (plan: AgentPlan, module: Uint8Array, keeping: NewAgentKeeping): Promise<AgentRecord> {
    const { life } = this.parts
    this.#underWay += 1
    try {
      const prepared = await life.ready(plan, async () => module, () => { void keeping.begin() })
      void keeping.begin()
      return this.#entered(plan, prepared)
    } finally {
      this.#underWay -= 1
    }
  }

  #entered (plan: AgentPlan, prepared: PreparedModule): AgentRecord {
    const { roster, life } = this.parts
    try {
      const record = roster.enter(plan)
      record.prepared = prepared
      return record
    } catch (error) {
      life.modules.release(plan)
      throw error
    }
  }

  /** Kept and started at the same time: one after the other would cost the caller its time. */
  async #started (record: AgentRecord, keeping: NewAgentKeeping): Promise<void> {
    const outcomes = await Promise.allSettled([keeping.begin(), this.parts.life.bearOne(record)])
    const failed = outcomes.find(({ status }) => status === 'rejected')
    if (failed?.status !== 'rejected') return
    await this.#drop(record)
    throw failed.reason
  }

  async #replace (existing: AgentRecord, plan: AgentPlan, module: Uint8Array, manifest: AgentManifest): Promise<void> {
    const { life, care, rollouts } = this.parts
    const terms = termsOf(manifest)
    const prepared = await life.ready(plan, async () => module)
    try {
      const version = { plan, prepared, module }
      if (terms !== undefined) {
        await rollouts.begin(existing, version, terms)
        return
      }
      await this.#replacement.replace(existing, version, drainOf(manifest))
    } catch (error) {
      life.modules.release(plan)
      throw error
    }
    care.forgive(existing)
  }

  async #drop (record: AgentRecord): Promise<void> {
    const { life, roster, care } = this.parts
    care.forgive(record)
    await life.halt(record, 0, false)
    roster.forget(record)
    life.release(record)
  }
}

function drainOf ({ strategy, drainMilliseconds }: AgentManifest): number {
  if (strategy === ReplaceStrategy.IMMEDIATE) return 0
  return drainMilliseconds === 0 ? DRAIN : Math.min(drainMilliseconds, LONGEST_DRAIN)
}
