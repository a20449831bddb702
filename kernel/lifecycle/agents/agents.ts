import { AgentState, type AgentManifest } from '../../contract/index.js'
import { AgentCare } from './agent-care.js'
import { AgentDeployment, type Deployed, type DeploymentParts } from './agent-deployment.js'
import { AgentsStopping, TooManyAgents } from './agent-errors.js'
import { AgentLife } from './agent-life.js'
import { AgentLocks } from './agent-locks.js'
import type { AgentLogs } from './agent-logs.js'
import type { AgentRecord } from './agent-record.js'
import { AgentRoster } from './agent-roster.js'
import { messageOf } from '../shards/agent-turns.js'

/** What {@link Agents} works with. */
export type AgentParts = Omit<DeploymentParts, 'roster' | 'life' | 'care' | 'locks'> & { readonly logs: AgentLogs }

/**
 * The agents of this node: deploys, starts, stops, removes and restores them, one thing at a time for each. Main thread
 * only.
 */
export class Agents {
  readonly roster: AgentRoster
  readonly care: AgentCare
  readonly #life: AgentLife
  readonly #locks = new AgentLocks()
  readonly #deployment: AgentDeployment
  #stopping = false

  constructor (private readonly parts: AgentParts) {
    const { settings, directory } = parts
    const { strikes, strike_window, restart_delay, restart_delay_max } = settings
    this.roster = new AgentRoster(directory, settings.max)
    this.#life = new AgentLife(parts)
    const shared = { ...parts, roster: this.roster, life: this.#life, locks: this.#locks }
    this.care = new AgentCare(shared, {
      strikes, strikeWindow: strike_window, restartDelay: restart_delay, restartDelayMax: restart_delay_max,
    })
    this.#deployment = new AgentDeployment({ ...shared, care: this.care })
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
      const record = this.find(name)
      await this.#halt(record, 0, false)
      await this.parts.store.forget(name, this.roster.unusedModule(record.plan))
      this.roster.forget(record)
      this.#life.release(record)
      this.parts.logs.forget(name)
    })
  }

  /** Brings back every agent of the store. What can't start is kept as failed, with the reason. */
  async restore (): Promise<void> {
    const { settings, store } = this.parts
    const ready: AgentRecord[] = []
    for await (const stored of store.agents()) {
      const record = this.roster.enter(stored.plan)
      record.wanted = stored.wanted
      record.quarantined = stored.quarantined
      if (stored.quarantined) record.enter(AgentState.FAILED, 'quarantined')
      else if (!stored.wanted) record.enter(AgentState.STOPPED)
      else if (ready.length >= settings.max) this.#life.fail(record, TooManyAgents({ limit: settings.max }).message)
      else if (await this.#isPrepared(record)) ready.push(record)
    }
    await this.#life.bear(ready)
  }

  /** Stops every agent for the server's end: what is queued is handled until `drain` passes, states are saved. */
  async stopAll (drain: number): Promise<void> {
    this.#stopping = true
    this.care.stop()
    await Promise.all(this.list().map(record => this.#locks.run(record.name, async () => {
      if (this.roster.isCurrent(record)) await this.#halt(record, drain, true)
    }).catch((error: unknown) => {
      this.parts.log.warn('an agent could not be stopped in good order', { agent: record.name, cause: messageOf(error) })
    })))
  }

  async #halt (record: AgentRecord, drain: number, keepsState: boolean): Promise<void> {
    this.care.forgive(record)
    await this.#life.halt(record, drain, keepsState)
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
