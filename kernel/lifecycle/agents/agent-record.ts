import {
  AgentState, type Delivery, type GuestLimits, type HostCall, type PlacementWish, type PreparedModule,
} from '../../contract/index.js'
import type { Address } from '../../routing/frames/frame.js'
import { AgentBusy } from './agent-errors.js'
import { mayFollow, stateName } from './agent-states.js'
import type { ModuleSignature } from './module-signature.js'
import type { GroupPlace } from './supervision-group.js'

/** What the operator decided about an agent, complete and checked. */
export interface AgentPlan {
  readonly name: string
  /** SHA-256 of the uploaded module, in hex. */
  readonly module: string
  /** Who vouches for the module. */
  readonly signature: ModuleSignature | undefined
  /** What it may do: see `AgentPermissions`. */
  readonly permissions: readonly string[]
  /** The host calls that it may import by these. */
  readonly granted: readonly HostCall[]
  readonly limits: GuestLimits
  readonly mailboxMessages: number
  /** Messages that it may send in a second; 0: as many as it likes. */
  readonly messageRate: number
  /** Log lines that it may write in a second. */
  readonly logLines: number
  readonly configuration: Uint8Array
  /** How messages for the agent are delivered at least. */
  readonly delivery: Delivery
  /** Milliseconds since the Unix epoch. */
  readonly deployedAt: number
  /** Which deployment of this name it is: 1, 2, 3 ... */
  readonly version: number
  /** Grows whenever another node takes the agent over: whoever has it with the highest is right. */
  readonly claim: number
  /** Undefined: the agent stands alone. */
  readonly group: GroupPlace | undefined
  /** On which node of a cluster the operator wants it. */
  readonly wish: PlacementWish
}

/** A version that is not the one which comes back after a restart. */
export interface OtherVersion {
  readonly version: number
  /** SHA-256 of its module. */
  readonly module: string
}

/** What an agent saved, and the version that did. */
export interface SavedState {
  readonly version: number
  readonly bytes: Uint8Array
}

/** Where an agent lives while it is placed. */
export interface AgentPlace {
  readonly shard: number
  readonly slot: number
}

/** Hears of the records. None of these may block. */
export interface RecordObserver {
  /** No instance of the agent with this handle runs or starts any more. */
  ended (handle: number): void
  /** The agent of this name is in another state, has another version, or is there no more. */
  changed (name: string): void
  /** The owner of this handle is gone for good. */
  forgotten (handle: number): void
}

const NO_TIMERS: ReadonlyMap<number, number> = new Map()

/** One deployed agent, as main knows it. */
export class AgentRecord {
  state: AgentState = AgentState.UNLOADED
  /** Why it is in this state, where that needs a reason. */
  reason = ''
  quarantined = false
  /** Why an operator quarantined it; undefined: none did. */
  heldFor: string | undefined
  startedAt = 0
  restarts = 0
  place: AgentPlace | undefined
  /** The shard in which the conversations live that it began; -1: any will do. */
  preferredShard = -1
  prepared: PreparedModule | undefined
  /** From the latest `caxton_save`. */
  saved: SavedState | undefined
  #timers: Map<number, number> | undefined
  /** Whether the operator wants it to run. */
  wanted = true
  /** It only watches what the version does that has the place. */
  isShadow = false
  /** The version that runs beside it and goes when the server does. */
  other: OtherVersion | undefined

  /**
   * @param plan That of the version which has the place; changes with it.
   */
  constructor (public plan: AgentPlan, readonly address: Address, private readonly observer: RecordObserver) {}

  /** What its instance announced is over, because another instance has its place. */
  forgetAnnounced (): void {
    this.observer.ended(this.address.handle)
  }

  /** Kept timers: number, and wall-clock time at which each is due. Most agents have none. */
  get timers (): ReadonlyMap<number, number> {
    return this.#timers ?? NO_TIMERS
  }

  set timers (timers: ReadonlyMap<number, number>) {
    this.#timers = timers.size === 0 ? undefined : new Map(timers)
  }

  /** Keeps a timer, or forgets one that is due at 0. */
  keepTimer (id: number, due: number): void {
    if (due === 0) this.#timers?.delete(id)
    else (this.#timers ??= new Map()).set(id, due)
  }

  get name (): string {
    return this.plan.name
  }

  /** Whether an instance of it runs, or is just being started: what it makes known counts. */
  get isUp (): boolean {
    return this.state === AgentState.LOADED || this.state === AgentState.READY || this.state === AgentState.RUNNING
  }

  /** Something about it changed that is no state. */
  tellChanged (): void {
    this.observer.changed(this.name)
  }

  /** Takes the next state. Throws `AGENT_BUSY` when it may not follow. */
  enter (state: AgentState, reason = ''): void {
    if (!mayFollow(this.state, state)) {
      throw AgentBusy({ name: this.name, state: stateName(this.state), wanted: stateName(state) })
    }
    this.state = state
    this.reason = reason
    if (!this.isUp) this.observer.ended(this.address.handle)
    this.observer.changed(this.name)
  }
}
