import { AgentState, DELIVERY } from '../../contract/index.js'
import type { Address } from '../../routing/frames/frame.js'
import type { Directory } from '../../routing/directory/directory.js'
import { AgentNotFound } from '../../routing/routing-errors.js'
import { TooManyAgents } from './agent-errors.js'
import { AlikePlans } from './alike-plans.js'
import { AgentRecord, type AgentPlan, type RecordObserver } from './agent-record.js'

/** Every agent of this node by name and by handle. */
export class AgentRoster {
  readonly #records = new Map<string, AgentRecord>()
  readonly #byHandle = new Map<number, AgentRecord>()
  readonly #alike = new AlikePlans()
  readonly #expected = new Set<AgentPlan>()

  /**
   * @param limit Most agents, for the sentence of the error.
   */
  constructor (
    private readonly directory: Directory, private readonly limit: number, private readonly observer: RecordObserver,
  ) {}

  get size (): number {
    return this.#records.size
  }

  /** The same, with those that run beside another version: each needs a place. */
  get versions (): number {
    return this.#byHandle.size
  }

  get running (): number {
    return this.#count(({ state }) => state === AgentState.RUNNING)
  }

  get quarantined (): number {
    return this.#count(({ quarantined }) => quarantined)
  }

  /** All agents, by name. */
  list (): AgentRecord[] {
    return [...this.#records.values()].sort((one, other) => one.name < other.name ? -1 : 1)
  }

  /** The members of a supervision group. */
  ofGroup (group: string): AgentRecord[] {
    return [...this.#records.values()].filter(({ plan }) => plan.group?.name === group)
  }

  /** Throws `AGENT_NOT_FOUND`. */
  find (name: string): AgentRecord {
    const record = this.#records.get(name)
    if (record === undefined) throw AgentNotFound({ name })
    return record
  }

  ofName (name: string): AgentRecord | undefined {
    return this.#records.get(name)
  }

  ofHandle (handle: number): AgentRecord | undefined {
    return this.#byHandle.get(handle)
  }

  /** Whether a record still stands for its agent: it was not forgotten, nor replaced, while somebody waited. */
  isCurrent (record: AgentRecord): boolean {
    return this.#byHandle.get(record.address.handle) === record
  }

  /** Whether the agent's name stands for this version. */
  isNamed (record: AgentRecord): boolean {
    return this.#records.get(record.name) === record
  }

  /** All records, those included that run beside the one which the name stands for. */
  all (): AgentRecord[] {
    return [...this.#byHandle.values()]
  }

  /** An agent that stands in no list yet, but is on its way to the disk with its module, until it enters. */
  expect (plan: AgentPlan): void {
    this.#expected.add(plan)
  }

  /** It will not come. */
  expectNoMore (plan: AgentPlan): void {
    this.#expected.delete(plan)
  }

  /**
   * Gives an agent its name and handle, or one that its name has already. Throws `RESOURCE_LIMIT_EXCEEDED` when all
   * handles are taken.
   */
  enter (plan: AgentPlan, known?: Address): AgentRecord {
    const address = known ?? this.directory.enter(plan.name)
    if (address === undefined) throw TooManyAgents({ limit: this.limit })
    const record = new AgentRecord(this.#alike.share(plan), address, this.observer)
    this.#expected.delete(plan)
    this.directory.setDelivery(address.handle, DELIVERY.indexOf(plan.delivery))
    this.#records.set(plan.name, record)
    this.#byHandle.set(address.handle, record)
    this.observer.changed(plan.name)
    return record
  }

  /** Gives a version that runs beside another its handle. Throws as {@link enter}. */
  enterVersion (plan: AgentPlan): AgentRecord {
    const address = this.directory.enterVersion(plan.name)
    if (address === undefined) throw TooManyAgents({ limit: this.limit })
    const record = new AgentRecord(this.#alike.share(plan), address, this.observer)
    this.directory.setDelivery(address.handle, DELIVERY.indexOf(plan.delivery))
    this.#byHandle.set(address.handle, record)
    return record
  }

  /** From now on the name stands for this version. */
  assign (record: AgentRecord): void {
    this.#records.set(record.name, record)
    this.directory.assign(record.name, record.address)
    this.observer.changed(record.name)
  }

  forget (record: AgentRecord): void {
    this.#byHandle.delete(record.address.handle)
    this.observer.forgotten(record.address.handle)
    if (!this.isNamed(record)) {
      this.directory.removeVersion(record.address.handle)
      return
    }
    this.directory.remove(record.name)
    this.#records.delete(record.name)
    this.observer.changed(record.name)
  }

  /** Forgets an agent whose name and handle go on to stand for it, on another node. */
  release (record: AgentRecord): void {
    this.#byHandle.delete(record.address.handle)
    this.#records.delete(record.name)
    this.observer.changed(record.name)
  }

  /** The hash of a plan's module if no other agent has that module. */
  unusedModule ({ name, module }: AgentPlan): string | undefined {
    for (const other of this.#byHandle.values()) if (other.name !== name && other.plan.module === module) return undefined
    for (const other of this.#expected) if (other.name !== name && other.module === module) return undefined
    return module
  }

  #count (isCounted: (record: AgentRecord) => boolean): number {
    let count = 0
    for (const record of this.#records.values()) if (isCounted(record)) count += 1
    return count
  }
}
