import { AgentState, ReplaceStrategy, type Timer } from '../../contract/index.js'
import { messageOf } from '../shards/agent-turns.js'
import { AGENT_FIGURE } from '../shards/shard-memory.js'
import { AgentBusy, RolloutMissing, RolloutUnderWay, TooManyAgents } from './agent-errors.js'
import type { AgentRecord } from './agent-record.js'
import type { NewVersion } from './agent-replacement.js'
import { stateName } from './agent-states.js'
import { Rollout } from './rollout.js'
import type { RolloutParts } from './rollout-parts.js'
import type { RolloutTerms } from './rollout-terms.js'

/** How often roll-outs are looked at, in milliseconds. */
const LOOK_INTERVAL = 1_000
/** Looks at which a version has nothing to do before it ends: messages to it may be under way between threads. */
const IDLE_LOOKS = 2
/** How long what is queued for a version that ends may take, in milliseconds. */
const DRAIN = 30_000

/**
 * New versions beside old ones: blue-green, canary, shadow. The store keeps the version that comes back after a
 * restart: the old one until the new one is promoted, which for blue-green is at once. Main thread only.
 */
export class Rollouts {
  readonly #rollouts = new Map<string, Rollout>()
  /** How the latest one of each agent ended. */
  readonly #outcomes = new Map<string, string>()
  #timer: Timer | undefined

  constructor (private readonly parts: RolloutParts) {}

  of (name: string): Rollout | undefined {
    return this.#rollouts.get(name)
  }

  outcome (name: string): string {
    return this.#outcomes.get(name) ?? ''
  }

  refuseSecond (name: string): void {
    if (this.#rollouts.has(name)) throw RolloutUnderWay({ name })
  }

  stop (): void {
    this.#timer?.cancel()
    this.#timer = undefined
  }

  /** Starts a new version beside the old one. Whoever calls holds the agent's lock. */
  async begin (old: AgentRecord, version: NewVersion, terms: RolloutTerms): Promise<void> {
    const { roster, life, store, log, settings } = this.parts
    if (old.state !== AgentState.RUNNING || old.place === undefined) {
      throw AgentBusy({ name: old.name, state: stateName(old.state), wanted: 'rolled out: its new version needs a running one beside it' })
    }
    if (roster.versions >= settings.max) throw TooManyAgents({ limit: settings.max })
    const next = roster.enterVersion(version.plan)
    next.prepared = version.prepared
    next.isShadow = terms.strategy === ReplaceStrategy.SHADOW
    // Copies are made where the old one lives.
    if (next.isShadow) next.preferredShard = old.place.shard
    const rollout = new Rollout(old, next, version.module, terms)
    try {
      await life.bearOne(next)
      old.other = { version: next.plan.version, module: next.plan.module }
      if (terms.strategy === ReplaceStrategy.BLUE_GREEN) await this.#switchTo(rollout, next, version.module)
      else await store.keep(old)
    } catch (error) {
      old.other = undefined
      await life.halt(next, 0, false)
      roster.forget(next)
      throw error
    }
    this.#rollouts.set(old.name, rollout)
    this.#outcomes.delete(old.name)
    if (rollout.retiring === undefined) this.#share(rollout, terms.percent)
    this.#observe(rollout)
    this.#timer ??= this.parts.clock.after(LOOK_INTERVAL, () => void this.#look())
    log.info('a new version runs beside the old one', { agent: old.name, version: next.plan.version })
  }

  /** A shard is back, and knows of no roll-out. */
  renew (): void {
    for (const rollout of this.#rollouts.values()) this.#observe(rollout)
  }

  #observe ({ old, next, latencies, retiring }: Rollout): void {
    const { pool } = this.parts
    if (next.place === undefined || old.place === undefined) return
    const link = pool.link(next.place.shard)
    link.tell({ kind: 'measure', slot: next.place.slot, buckets: latencies })
    const isMirrored = next.isShadow && retiring === undefined
    if (isMirrored) link.tell({ kind: 'mirror', slot: old.place.slot, shadow: next.place.slot, on: true })
  }

  /** The new version gets everything that begins. Throws `ROLLOUT_MISSING` when that is decided already. */
  async promote (name: string): Promise<void> {
    const rollout = this.#rollouts.get(name)
    if (rollout === undefined || rollout.retiring !== undefined) throw RolloutMissing({ name, wanted: 'promoted' })
    rollout.next.other = { version: rollout.old.plan.version, module: rollout.old.plan.module }
    await this.#switchTo(rollout, rollout.next, rollout.module)
    this.#decided(rollout, `version ${rollout.next.plan.version} was promoted`)
  }

  /** The old version gets everything that begins. Throws `ROLLOUT_MISSING` when it does already, or has ended. */
  async rollback (name: string, reason: string): Promise<void> {
    const rollout = this.#rollouts.get(name)
    if (rollout === undefined || rollout.retiring === rollout.next) throw RolloutMissing({ name, wanted: 'rolled back' })
    const { old, next } = rollout
    if (rollout.retiring === old) {
      old.other = { version: next.plan.version, module: next.plan.module }
      await this.#switchTo(rollout, old, undefined)
    } else {
      old.other = undefined
      await this.parts.store.keep(old)
      rollout.retire(next, this.parts.clock.elapsed())
      this.#share(rollout, 0)
      this.#endMirror(rollout)
    }
    this.#decided(rollout, `version ${next.plan.version} was rolled back: ${reason}`)
  }

  /** A new version that is quarantined goes back, while the old one is there. */
  quarantined (record: AgentRecord): void {
    const { locks, log } = this.parts
    void locks.run(record.name, async () => {
      const rollout = this.#rollouts.get(record.name)
      if (rollout?.next === record && rollout.retiring !== record) await this.rollback(record.name, record.reason)
    }).catch((error: unknown) => {
      log.error('a roll-out could not be carried on', { agent: record.name, cause: messageOf(error) })
    })
  }

  /** One of the versions ends at once, because the agent is stopped or removed. Whoever calls holds the lock. */
  async cut (name: string, drain: number): Promise<void> {
    const rollout = this.#rollouts.get(name)
    if (rollout === undefined) return
    rollout.retiring ??= rollout.next
    rollout.outcome ||= `version ${rollout.retiring.plan.version} ended with the roll-out, because the agent was stopped`
    await this.#finish(rollout, drain)
  }

  /** The name goes over to a version; the other one retires. */
  async #switchTo (rollout: Rollout, to: AgentRecord, module: Uint8Array | undefined): Promise<void> {
    const { store, roster, clock } = this.parts
    const from = to === rollout.next ? rollout.old : rollout.next
    to.wanted = true
    if (to === rollout.next) to.other = { version: from.plan.version, module: from.plan.module }
    const { saved } = to
    await store.keepSwitched(to, module, saved, to.timers)
    from.other = undefined
    roster.assign(to)
    // What it did meanwhile was kept without its state.
    if (to.saved !== undefined && to.saved !== saved) await store.keepState(to.name, to.saved)
    rollout.retire(from, clock.elapsed())
    this.#share(rollout, to === rollout.next ? 100 : 0)
    this.#endMirror(rollout)
  }

  #share ({ name, old, next }: Rollout, share: number): void {
    this.parts.directory.share({ name, first: old.address, second: next.address, share })
  }

  #endMirror ({ old, next }: Rollout): void {
    if (!next.isShadow || old.place === undefined || next.place === undefined) return
    this.parts.pool.link(next.place.shard).tell({ kind: 'mirror', slot: old.place.slot, shadow: next.place.slot, on: false })
    next.isShadow = false
  }

  #decided (rollout: Rollout, outcome: string): void {
    rollout.outcome = outcome
    this.#outcomes.set(rollout.name, outcome)
    this.parts.log.info('a roll-out was decided', { agent: rollout.name, outcome })
  }

  async #look (): Promise<void> {
    const { locks, log, clock } = this.parts
    await Promise.all([...this.#rollouts.values()].map(rollout => locks.run(rollout.name, async () => {
      if (this.#rollouts.get(rollout.name) === rollout) await this.#lookAt(rollout)
    }).catch((error: unknown) => {
      log.error('a roll-out could not be carried on', { agent: rollout.name, cause: messageOf(error) })
    })))
    if (this.#timer === undefined) return
    this.#timer = this.#rollouts.size === 0 ? undefined : clock.after(LOOK_INTERVAL, () => void this.#look())
  }

  async #lookAt (rollout: Rollout): Promise<void> {
    const { clock } = this.parts
    const { next, retiring, terms, window } = rollout
    if (retiring === undefined) {
      const [handled, failed] = [this.#figure(next, AGENT_FIGURE.handled), this.#figure(next, AGENT_FIGURE.failed)]
      window.add({ at: clock.elapsed(), handled, failed, buckets: [...new Float64Array(rollout.latencies)] })
      const reason = terms.strategy === ReplaceStrategy.CANARY ? window.verdict(terms) : undefined
      if (reason !== undefined) await this.rollback(rollout.name, reason)
      return
    }
    rollout.openConversations = await this.#involved(retiring)
    const isIdle = rollout.openConversations === 0 && this.#figure(retiring, AGENT_FIGURE.mailbox) === 0
    rollout.idleLooks = isIdle ? rollout.idleLooks + 1 : 0
    const isLate = clock.elapsed() - rollout.retiringSince > terms.linger
    if (rollout.idleLooks > IDLE_LOOKS || isLate) await this.#finish(rollout, DRAIN)
  }

  async #involved ({ address: { handle } }: AgentRecord): Promise<number> {
    const counts = await Promise.all(this.parts.pool.links.map(link => link.involved(handle)))
    return counts.reduce((sum, count) => sum + count, this.parts.ofCallers(handle))
  }

  async #finish (rollout: Rollout, drain: number): Promise<void> {
    const { directory, roster, store, log } = this.parts
    const { name, retiring, staying, outcome } = rollout
    if (retiring === undefined) return
    const { plan } = retiring
    directory.unshare(name)
    // It is tried again when the store could not be written.
    if (roster.isCurrent(retiring)) await this.#drop(retiring, drain)
    staying.other = undefined
    await store.keep(staying, plan.module === staying.plan.module ? undefined : roster.unusedModule(plan))
    this.#rollouts.delete(name)
    this.#outcomes.set(name, outcome)
    log.info('a roll-out is over', { agent: name, version: staying.plan.version, ended: plan.version })
  }

  async #drop (record: AgentRecord, drain = 0): Promise<void> {
    const { life, roster } = this.parts
    await life.halt(record, drain, false)
    roster.forget(record)
    life.release(record)
  }

  #figure ({ place }: AgentRecord, which: number): number {
    return place === undefined ? 0 : this.parts.pool.counters[place.shard]?.readAgent(place.slot, which) ?? 0
  }
}
