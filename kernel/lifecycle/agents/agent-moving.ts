import { AgentState } from '../../contract/index.js'
import type { Address } from '../../routing/frames/frame.js'
import { AgentAlreadyExists, DeployFailed, TooManyAgents } from './agent-errors.js'
import type { DeploymentParts } from './agent-deployment.js'
import type { AgentLogs } from './agent-logs.js'
import { quarantineText } from './agent-quarantine.js'
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
  readonly quarantined: boolean
  /** Why an operator quarantined it. */
  readonly heldFor?: string | undefined
}

/** How handing an agent over ended. */
export type HandedOver =
  | { readonly isTaken: true }
  /** The other node has it not, and it goes on here with that claim. */
  | { readonly isTaken: false, readonly error: Error, readonly claim: number }

/** What {@link AgentMoving} works with. */
export interface MovingParts extends DeploymentParts {
  readonly logs: Pick<AgentLogs, 'forget'>
  /** Resolves when everything that agents handed over so far is kept. */
  readonly settle: () => Promise<void>
}

/** Takes agents of other nodes in, and lets this node's agents go there. What was kept for an agent stays kept, and follows it. */
export class AgentMoving {
  constructor (private readonly parts: MovingParts) {}

  /**
   * Goes on with an agent. `address`: that by which it is known here, if it is. Throws `AGENT_ALREADY_EXISTS`,
   * `RESOURCE_LIMIT_EXCEEDED`, `DEPLOYMENT_FAILED`, the errors of the engine, and what this node does not admit; then it is not here, and
   * has its address no more.
   */
  takeIn (luggage: AgentLuggage, address: () => Address | undefined): Promise<AgentRecord> {
    const { plan, module, state, timers, wanted, quarantined, heldFor } = luggage
    const { roster, life, store, admission, settings, locks } = this.parts
    return locks.run(plan.name, async () => {
      if (roster.ofName(plan.name) !== undefined) throw AgentAlreadyExists({ name: plan.name })
      if (roster.versions >= settings.max) throw TooManyAgents({ limit: settings.max })
      admission.checkModule(plan, module)
      const prepared = await life.ready(plan, async () => module)
      const record = roster.enter(plan, address())
      record.prepared = prepared
      record.saved = state
      record.timers = new Map(timers)
      record.wanted = wanted
      record.quarantined = quarantined
      record.heldFor = heldFor
      try {
        await store.keepVersion(record, module, state)
        await this.#begin(record)
      } catch (error) {
        await this.#drop(record)
        roster.forget(record)
        throw error
      }
      return record
    })
  }

  /**
   * Stops an agent, hands it to another node, and forgets it; meanwhile nobody else does anything with it. `gone` is told the name's
   * address, which goes on to stand for it there. If the other node does not take it, it goes on here, and that one's error is thrown.
   * Throws `AGENT_NOT_FOUND`, too.
   */
  sendOff (
    name: string, drain: number, hand: (luggage: AgentLuggage) => Promise<HandedOver>, gone: (address: Address) => void,
  ): Promise<void> {
    const { roster, life, care, rollouts, locks } = this.parts
    return locks.run(name, async () => {
      await rollouts.cut(name, drain)
      const record = roster.find(name)
      care.forgive(record)
      const wasRunning = record.state === AgentState.RUNNING
      await life.halt(record, drain, true)
      const handed = await this.#luggageOf(record).then(hand).catch((error: unknown): HandedOver =>
        ({ isTaken: false, error: error instanceof Error ? error : new Error(String(error)), claim: record.plan.claim }))
      if (!handed.isTaken) {
        await this.#goOn(record, handed.claim, wasRunning)
        throw handed.error
      }
      await this.#drop(record)
      roster.release(record)
      gone(record.address)
    })
  }

  /**
   * Another node has it: stops it if it still runs, and forgets it. The name and the address, which is answered, go on to stand for
   * it.
   */
  letGo (name: string): Promise<Address> {
    const { roster, life, care, rollouts, locks } = this.parts
    return locks.run(name, async () => {
      await rollouts.cut(name, 0)
      const record = roster.find(name)
      care.forgive(record)
      await life.halt(record, 0, false)
      await this.#drop(record)
      roster.release(record)
      return record.address
    })
  }

  /** Stops an agent for a while, at once: it is still wanted. */
  rest (name: string): Promise<void> {
    const { roster, life, care, rollouts, locks } = this.parts
    return locks.run(name, async () => {
      await rollouts.cut(name, 0)
      const record = roster.find(name)
      care.forgive(record)
      await life.halt(record, 0, true, true)
    })
  }

  /** Starts it again, if it is still here and wanted. */
  resume (name: string): Promise<void> {
    const { roster, life, locks } = this.parts
    return locks.run(name, async () => {
      const record = roster.ofName(name)
      if (record?.wanted === true && !record.quarantined && record.place === undefined) await life.launch(record)
    })
  }

  async #begin (record: AgentRecord): Promise<void> {
    if (record.quarantined) record.enter(AgentState.FAILED, quarantineText(record))
    else if (record.wanted) await this.parts.life.bearOne(record)
    else record.enter(AgentState.STOPPED)
  }

  async #luggageOf (record: AgentRecord): Promise<AgentLuggage> {
    const { store, settle } = this.parts
    // What it did just before the end may still be on its way to the disk.
    await settle()
    const { name, plan, wanted, quarantined, heldFor } = record
    const module = await store.module(plan.module)
    if (module === undefined) throw DeployFailed({ name, reason: 'its module is missing from the store' })
    record.saved ??= await store.state(name)
    const next = { ...plan, claim: plan.claim + 1 }
    return { plan: next, module, state: record.saved, timers: [...record.timers], wanted, quarantined, heldFor }
  }

  async #goOn (record: AgentRecord, claim: number, wasRunning: boolean): Promise<void> {
    if (claim !== record.plan.claim) {
      record.plan = { ...record.plan, claim }
      await this.parts.store.keep(record)
    }
    if (wasRunning) await this.parts.life.launch(record)
  }

  async #drop (record: AgentRecord): Promise<void> {
    const { roster, life, store, logs } = this.parts
    await life.halt(record, 0, false)
    await store.forget(record.name, roster.unusedModule(record.plan))
    life.release(record)
    logs.forget(record.name)
  }
}
