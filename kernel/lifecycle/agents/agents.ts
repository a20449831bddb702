import { AgentState, type AgentManifest, type SecurityEvents } from '../../contract/index.js'
import type { DurableDelivery } from '../../routing/durable/durable-delivery.js'
import type { Work } from '../../routing/durable/durable-works.js'
import { AgentCare } from './agent-care.js'
import { AgentDeployment, type Deployed, type DeploymentParts } from './agent-deployment.js'
import { AgentsStopping, TooManyAgents } from './agent-errors.js'
import { AgentLife } from './agent-life.js'
import { AgentMoving } from './agent-moving.js'
import { AgentLocks } from './agent-locks.js'
import { AgentQuarantine, quarantineText, refuseHeld } from './agent-quarantine.js'
import type { AgentLogs } from './agent-logs.js'
import type { AgentRecord, OtherVersion, RecordObserver, SavedState } from './agent-record.js'
import { AgentRoster } from './agent-roster.js'
import type { RolloutParts } from './rollout-parts.js'
import { Rollouts } from './rollouts.js'
import { messageOf } from '../shards/agent-turns.js'

/** What {@link Agents} works with. */
export interface AgentParts extends Omit<DeploymentParts, 'roster' | 'life' | 'care' | 'locks' | 'rollouts' | 'pool'> {
  readonly logs: AgentLogs
  readonly events: SecurityEvents
  readonly pool: RolloutParts['pool'] & DeploymentParts['pool']
  readonly ofCallers: RolloutParts['ofCallers']
  readonly observer: RecordObserver
  readonly durable: Pick<DurableDelivery, 'abandon' | 'abandoned'>
  /** Resolves when everything that agents handed over so far is kept. */
  readonly settle: () => Promise<void>
}

/**
 * The agents of this node: deploys, starts, stops, removes and restores them, one thing at a time for each. Main thread
 * only.
 */
export class Agents {
  readonly roster: AgentRoster
  readonly care: AgentCare
  readonly rollouts: Rollouts
  readonly quarantine: AgentQuarantine
  /** Between this node and others. */
  readonly moving: AgentMoving
  readonly #life: AgentLife
  readonly #locks = new AgentLocks()
  readonly #deployment: AgentDeployment
  #stopping = false

  constructor (private readonly parts: AgentParts) {
    const { settings, directory } = parts
    const { strikes, strike_window, restart_delay, restart_delay_max } = settings
    this.roster = new AgentRoster(directory, settings.max, parts.observer)
    this.#life = new AgentLife(parts)
    const shared = { ...parts, roster: this.roster, life: this.#life, locks: this.#locks }
    this.care = new AgentCare({ ...shared, quarantined: record => this.rollouts.quarantined(record) }, {
      strikes, strikeWindow: strike_window, restartDelay: restart_delay, restartDelayMax: restart_delay_max,
    })
    this.rollouts = new Rollouts(shared)
    const settled = { ...shared, care: this.care, rollouts: this.rollouts }
    this.quarantine = new AgentQuarantine(settled)
    this.#deployment = new AgentDeployment(settled)
    this.moving = new AgentMoving({ ...settled, settle: parts.settle })
  }

  get size (): number {
    return this.roster.size
  }

  get running (): number {
    return this.roster.running
  }

  /** All agents, by name. */
  list (): AgentRecord[] {
    return this.roster.list()
  }

  /** Throws `AGENT_NOT_FOUND`. */
  find (name: string): AgentRecord {
    return this.roster.find(name)
  }

  /** Deploys an agent: see {@link AgentDeployment}. Throws the errors of agent-errors and those of the engine. */
  async deploy (manifest: AgentManifest, module: Uint8Array): Promise<Deployed> {
    this.#refuseWhileStopping()
    return this.#deployment.deploy(manifest, module)
  }

  /** Starts an agent that was stopped, has failed, or is quarantined, with a clean slate. */
  async start (name: string): Promise<AgentRecord> {
    this.#refuseWhileStopping()
    return this.#locks.run(name, async () => {
      const record = this.find(name)
      refuseHeld(record)
      if (record.state === AgentState.RUNNING) return record
      this.care.forgive(record)
      await this.#life.launch(record)
      record.wanted = true
      await this.parts.store.keep(record)
      return record
    })
  }

  /** Lets an agent handle what is queued, for at most `drain` milliseconds, then stops it. */
  stop (name: string, drain: number): Promise<AgentRecord> {
    return this.#locks.run(name, async () => {
      await this.rollouts.cut(name, drain)
      const record = this.find(name)
      await this.#halt(record, drain, true)
      record.wanted = false
      await this.parts.store.keep(record)
      return record
    })
  }

  /** Stops an agent at once if need be, and forgets it. */
  remove (name: string): Promise<void> {
    return this.#locks.run(name, async () => {
      await this.rollouts.cut(name, 0)
      const record = this.find(name)
      await this.#halt(record, 0, false)
      const { durable, store } = this.parts
      try {
        await durable.abandon(name)
        await store.forget(name, this.roster.unusedModule(record.plan))
        this.roster.forget(record)
      } finally {
        durable.abandoned(name)
      }
      this.#life.release(record)
      this.parts.logs.forget(name)
    })
  }

  /** Ends a roll-out in favour of the new version. Throws `ROLLOUT_MISSING`. */
  promote (name: string): Promise<AgentRecord> {
    return this.#decide(name, () => this.rollouts.promote(name))
  }

  /** Ends a roll-out in favour of the old version. Throws `ROLLOUT_MISSING`. */
  rollback (name: string): Promise<AgentRecord> {
    return this.#decide(name, () => this.rollouts.rollback(name, 'somebody asked for it'))
  }

  /** What the present version of an agent saved. */
  savedBy (name: string, bytes: Uint8Array): SavedState {
    return { version: this.roster.ofName(name)?.plan.version ?? 1, bytes }
  }

  /** What an agent did was kept: a new life of it begins there. */
  keptWork ({ handle, state, timers }: Work): void {
    const record = this.roster.ofHandle(handle)
    if (record === undefined) return
    if (state !== undefined) record.saved = { version: record.plan.version, bytes: state }
    for (const [id, due] of timers) record.keepTimer(id, due)
  }

  /**
   * Brings back every agent of the store. What can't start is kept as failed, with the reason. `homes`: by name, the
   * shard that an agent must come back in.
   */
  async restore (homes: ReadonlyMap<string, number> = new Map()): Promise<void> {
    const { settings, store } = this.parts
    const ready: AgentRecord[] = []
    const alone = new Map<AgentRecord, OtherVersion>()
    const timers = await store.timers()
    for await (const stored of store.agents()) {
      const record = this.roster.enter(stored.plan)
      record.timers = timers.get(record.name) ?? record.timers
      record.wanted = stored.wanted
      record.quarantined = stored.quarantined
      record.heldFor = stored.heldFor
      if (stored.other !== undefined) alone.set(record, stored.other)
      record.preferredShard = homes.get(record.name) ?? -1
      if (stored.quarantined) record.enter(AgentState.FAILED, quarantineText(record))
      else if (!stored.wanted) record.enter(AgentState.STOPPED)
      else if (ready.length >= settings.max) this.#life.fail(record, TooManyAgents({ limit: settings.max }).message)
      else if (await this.#isPrepared(record)) ready.push(record)
    }
    await this.#life.bear(ready)
    for (const [record, other] of alone) await this.#forgetOther(record, other)
  }

  /**
   * Stops every agent for the server's end: what is queued is handled until `drain` passes, states are saved,
   * conversations stay open.
   */
  async stopAll (drain: number): Promise<void> {
    this.#stopping = true
    this.care.stop()
    this.rollouts.stop()
    await Promise.all(this.list().map(record => this.#locks.run(record.name, async () => {
      if (!this.roster.isCurrent(record)) return
      await this.rollouts.cut(record.name, drain)
      await this.#halt(this.find(record.name), drain, true, true)
    }).catch((error: unknown) => {
      this.parts.log.warn('an agent could not be stopped in good order', { agent: record.name, cause: messageOf(error) })
    })))
  }

  async #decide (name: string, decide: () => Promise<void>): Promise<AgentRecord> {
    this.#refuseWhileStopping()
    return this.#locks.run(name, async () => {
      this.find(name)
      await decide()
      return this.find(name)
    })
  }

  /** The server ended in the middle of a roll-out. */
  async #forgetOther (record: AgentRecord, { version, module }: OtherVersion): Promise<void> {
    const isUnused = this.roster.all().every(({ plan }) => plan.module !== module)
    this.parts.log.warn('a roll-out was under way when the server ended: one version comes back alone', {
      agent: record.name, version: record.plan.version, ended: version,
    })
    await this.parts.store.keep(record, isUnused ? module : undefined)
  }

  async #halt (record: AgentRecord, drain: number, keepsState: boolean, keepsConversations = false): Promise<void> {
    this.care.forgive(record)
    await this.#life.halt(record, drain, keepsState, keepsConversations)
  }

  async #isPrepared (record: AgentRecord): Promise<boolean> {
    try {
      record.saved = await this.parts.store.state(record.name)
      await this.#life.prepare(record)
      return true
    } catch (error) {
      this.#life.fail(record, messageOf(error))
      return false
    }
  }

  #refuseWhileStopping (): void {
    if (this.#stopping) throw AgentsStopping({ what: 'the server' })
  }
}
