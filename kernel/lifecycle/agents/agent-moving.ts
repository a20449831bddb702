import type { Address } from '../../routing/frames/frame.js'
import { AgentAlreadyExists, DeployFailed, TooManyAgents } from './agent-errors.js'
import type { DeploymentParts } from './agent-deployment.js'
import type { AgentLogs } from './agent-logs.js'
import type { AgentPlan, AgentRecord, SavedState } from './agent-record.js'

/** All that a node needs to go on with an agent of another. */
export interface AgentLuggage {
  /** With the claim that the receiving node has. */
  readonly plan: AgentPlan
  readonly module: Uint8Array
  readonly state: SavedState | undefined
  readonly timers: ReadonlyArray<readonly [id: number, due: number]>
  /** Whether it should run. */
  readonly wanted: boolean
}

/** What {@link AgentMoving} works with. */
export interface MovingParts extends DeploymentParts {
  readonly logs: Pick<AgentLogs, 'forget'>
}

/** Takes agents of other nodes in, and lets this node's agents go there. What was kept for an agent stays kept, and follows it. */
export class AgentMoving {
  constructor (private readonly parts: MovingParts) {}

  /**
   * Goes on with an agent. `address`: that by which it is known here, if it is. Throws `AGENT_ALREADY_EXISTS`,
   * `RESOURCE_LIMIT_EXCEEDED`, `DEPLOYMENT_FAILED` and the errors of the engine; then it is not here.
   */
  takeIn ({ plan, module, state, timers, wanted }: AgentLuggage, address: () => Address | undefined): Promise<AgentRecord> {
    const { roster, life, store, preparation, settings, locks } = this.parts
    return locks.run(plan.name, async () => {
      if (roster.ofName(plan.name) !== undefined) throw AgentAlreadyExists({ name: plan.name })
      if (roster.versions >= settings.max) throw TooManyAgents({ limit: settings.max })
      const prepared = await life.modules.take(plan, () => preparation.prepare(module, plan.granted, plan.limits))
      const record = roster.enter(plan, address())
      record.prepared = prepared
      record.saved = state
      record.timers = new Map(timers)
      record.wanted = wanted
      try {
        await store.keepVersion(record, module, state)
        if (wanted) await life.bearOne(record)
        return record
      } catch (error) {
        await this.#undo(record)
        throw error
      }
    })
  }

  /** An agent that could not be taken in is nowhere here. */
  async #undo (record: AgentRecord): Promise<void> {
    const { roster, life, store, care } = this.parts
    const unused = roster.unusedModule(record.plan)
    care.forgive(record)
    await life.halt(record, 0, false)
    roster.forget(record)
    life.release(record)
    await store.forget(record.name, unused)
  }

  /** Stops an agent, and says what another node needs to go on with it; it is still this node's. Throws `AGENT_NOT_FOUND`. */
  pack (name: string, drain: number): Promise<AgentLuggage> {
    const { roster, life, store, care, rollouts, locks } = this.parts
    return locks.run(name, async () => {
      await rollouts.cut(name, drain)
      const record = roster.find(name)
      care.forgive(record)
      await life.halt(record, drain, true, false)
      const module = await store.module(record.plan.module)
      if (module === undefined) throw DeployFailed({ name, reason: 'its module is missing from the store' })
      const { plan, wanted } = record
      record.saved ??= await store.state(name)
      return { plan: { ...plan, claim: plan.claim + 1 }, module, state: record.saved, timers: [...record.timers], wanted }
    })
  }

  /** It stays after all. */
  unpack (name: string): Promise<void> {
    const { roster, life, locks } = this.parts
    return locks.run(name, async () => {
      const record = roster.ofName(name)
      if (record?.wanted === true && record.place === undefined) await life.launch(record)
    })
  }

  /**
   * Another node has it now: stops it if it still runs, and forgets it. The name and the address, which is answered, go on to stand for
   * it.
   */
  letGo (name: string): Promise<Address> {
    const { roster, life, store, care, rollouts, locks, logs } = this.parts
    return locks.run(name, async () => {
      await rollouts.cut(name, 0)
      const record = roster.find(name)
      care.forgive(record)
      await life.halt(record, 0, false, false)
      await store.forget(name, roster.unusedModule(record.plan))
      roster.release(record)
      life.release(record)
      logs.forget(name)
      return record.address
    })
  }
}
