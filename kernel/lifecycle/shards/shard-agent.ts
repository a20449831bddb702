import type { Guest, GuestFactory, GuestHost, HostCall } from '../../contract/in-shard.js'
import type { NameTable } from '../../routing/directory/name-table.js'
import { Reach } from '../../routing/permissions/reach.js'
import { TokenBucket } from '../../routing/permissions/token-bucket.js'
import type { TimerEntry, TimerHeap } from '../../routing/timer-heap.js'
import type { AgentWork } from './agent-work.js'
import type { PendingUpgrade } from './pending-upgrade.js'
import type { AgentBirth, Notice } from './shard-control.js'

const NO_VIEW = new DataView(new ArrayBuffer(0))

/** One agent inside a shard: its guest while it runs, and what the shard remembers of it in any case. */
export class ShardAgent {
  guest: Guest | undefined
  /** In the run queue, and who comes after it there. */
  queued = false
  following: ShardAgent | undefined
  /** Handles what is queued and then stops; the number of the request to answer. */
  stopping: number | undefined
  /** What went wrong at its stop. */
  lastFailure: string | undefined
  /** The conversations that it began outlive its stop. */
  keepsConversations = false
  /** Everything that arrives goes back. */
  parked = false
  /** A new version that is about to take this one's place. */
  upgrade: PendingUpgrade<ShardAgent> | undefined
  /**
   * Why it can't send, and what it announces waits: a new version before it has its place, or one that only watches.
   */
  silence: 'trial' | 'shadow' | undefined
  /** A version that gets a copy of every message. */
  shadow: ShardAgent | undefined
  /** Counts how long messages take until they are handled, while somebody wants to know. */
  latencies: Float64Array | undefined
  /** Running timers by id; made when the first one is set, since most agents have none. */
  timers: Map<number, TimerEntry> | undefined
  /** What it announced while it could not speak; told when it can. */
  readonly notices: Notice[] = []
  /** Descriptions of what it offers by name, and topics that it subscribes to; made with the first one. */
  capabilities: Map<string, string> | undefined
  topics: Set<string> | undefined
  /** Exactly-once work since the latest commit, and that which is being committed. */
  open: AgentWork | undefined
  committing: AgentWork | undefined
  /** Its work waits, because too much is under way to the disk. */
  isHeldUp = false
  /** Its latest work could not be kept: it does it again. */
  repeats = false
  /** The state that a new guest begins with: the latest one that was kept. */
  kept: Uint8Array | undefined
  /** Kept timers, with the wall-clock time at which each is due. */
  lasting: Map<number, number> | undefined
  /** It gets a new guest as soon as nothing of the old one is under way; the order to answer then, 0 none. */
  renewal: number | undefined
  /** Messages and timers handled so far. */
  turns = 0
  /** While a timer is handled: when it was due. */
  tickDue = 0
  /** Sends left while the current message is handled. */
  sendsLeft = 0
  /** Where in the slab the message lies that is handled, if it may come again; else -1. And the calls of tools made for it. */
  handling = -1
  calls = 0
  /** Log lines, and announcements, left in the current second. */
  logsLeft = 0
  announcementsLeft = 0
  second = -1
  /** To whom it may write; undefined: to everybody. */
  readonly reach: Reach | undefined
  /** How often it may send; undefined: as often as it likes. */
  readonly sends: TokenBucket | undefined
  readonly maySend: boolean
  #view: DataView = NO_VIEW

  constructor (readonly birth: AgentBirth, private readonly artefact: unknown, names: Pick<NameTable, 'nameOf'>) {
    const { granted, scopes, messageRate } = birth
    this.maySend = granted.includes('send')
    const isNarrow = scopes?.send !== undefined || scopes?.publish !== undefined
    this.reach = isNarrow ? new Reach(scopes, names) : undefined
    this.sends = messageRate === 0 ? undefined : new TokenBucket(messageRate, performance.now())
    this.silence = birth.isShadow ? 'shadow' : undefined
    if (birth.timers.length > 0) this.lasting = new Map(birth.timers)
  }

  /** Whether it can handle more now: it has a guest, and need not wait for a commit, or for its next version, first. */
  get canGoOn (): boolean {
    const mayGather = this.open?.isEnough !== true || (this.committing === undefined && !this.isHeldUp)
    return this.guest !== undefined && mayGather &&
      (this.upgrade === undefined || this.upgrade.left > 0)
  }

  /** Whether nothing that it did waits to be kept. */
  get isQuiet (): boolean {
    return this.open === undefined && this.committing === undefined
  }

  may (call: HostCall): boolean {
    return this.birth.granted.includes(call)
  }

  get handle (): number {
    return this.birth.handle
  }

  get slot (): number {
    return this.birth.slot
  }

  /** A view of the guest's memory, made anew only when the memory has grown. */
  viewOf (memory: Uint8Array): DataView {
    if (this.#view.buffer !== memory.buffer || this.#view.byteOffset !== memory.byteOffset ||
      this.#view.byteLength !== memory.byteLength) {
      this.#view = new DataView(memory.buffer, memory.byteOffset, memory.byteLength)
    }
    return this.#view
  }

  /**
   * Makes a new guest and starts it. Returns why it could not run, if so; a misbehaving module throws `GuestFault`.
   */
  bear (factory: GuestFactory, host: GuestHost, state: Uint8Array | undefined): string | undefined {
    const guest = factory.create(this.artefact, host, this.birth.limits)
    const started = guest.start(this.birth.configuration)
    if (started < 0) return `caxton_init answered ${started}`
    if (state !== undefined) {
      const loaded = guest.load(state, this.birth.stateVersion)
      if (loaded < 0) return `caxton_load answered ${loaded}`
    }
    this.guest = guest
    return undefined
  }

  /** Forgets the guest and everything that it set up. */
  discard (timers: TimerHeap): void {
    this.guest = undefined
    for (const timer of this.timers?.values() ?? []) timers.cancel(timer)
    this.timers = undefined
    this.capabilities = undefined
    this.topics = undefined
    this.#view = NO_VIEW
  }
}
