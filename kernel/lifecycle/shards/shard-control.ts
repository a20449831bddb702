import type { FaultKind, GuestLimits, HostCall, Protocol } from '../../contract/index.js'
import type { Registration } from '../../routing/capabilities/capability-description.js'
import type { OfferChanges } from '../../routing/capabilities/capability-table.js'
import type { ConversationOrder, ConversationReport } from '../../routing/conversations/conversation-desk.js'
import type { ConversationPicture } from '../../routing/conversations/conversation-picture.js'
import type { NameChanges } from '../../routing/directory/directory.js'
import type { PolicyTables } from '../../routing/permissions/message-policy.js'
import type { AgentScopes } from '../../routing/permissions/agent-scopes.js'
import type { SubscriptionChanges } from '../../routing/topics/topic-table.js'
import type { Work } from '../../routing/durable/durable-works.js'
import type { ConversationLimits } from '../../routing/conversations/conversation-limits.js'
import type { MessageSpan } from '../../routing/tracing/message-span.js'
import type { TracingRules } from '../../observability/tracing.js'
import type { SharedMemory } from './shard-memory.js'

/** What a shard is born with. */
export interface ShardBirth {
  readonly place: number
  readonly memory: SharedMemory
  readonly factoryModule: string
  readonly engineSettings: unknown
  readonly protocols: readonly Protocol[]
  /** For message ids; different at every birth. */
  readonly epoch: bigint
  /** Different at every birth of a shard; below 2²². */
  readonly start: number
  readonly seed: Uint32Array
  readonly tracing: TracingRules
  readonly agents: number
  readonly mailboxBytes: number
  readonly slabBytes: number
  readonly sendsPerMessage: number
  readonly conversations: ConversationLimits
  readonly fanOut: number
}

/** An agent as a shard needs to know it. */
export interface AgentBirth {
  readonly handle: number
  readonly generation: number
  readonly slot: number
  readonly name: string
  /** Key of its module among those that the shard was given. */
  readonly module: string
  readonly limits: GuestLimits
  readonly granted: readonly HostCall[]
  /** What its permissions are narrowed to; undefined: to nothing. */
  readonly scopes: AgentScopes | undefined
  /** Messages that it may send in a second; 0: as many as it likes. */
  readonly messageRate: number
  readonly logLines: number
  readonly mailboxMessages: number
  readonly configuration: Uint8Array
  /** From an earlier `caxton_save`. */
  readonly state: Uint8Array | undefined
  /** Version of the deployment that saved the state. */
  readonly stateVersion: number
  /** It only watches: what it sends is discarded. */
  readonly isShadow: boolean
  /** Kept timers: number, and wall-clock time at which it is due. */
  readonly timers: ReadonlyArray<readonly [id: number, due: number]>
}

/** A piece of exactly-once work: see `Work` of routing/durable. */
export interface ShardWork extends Work {
  readonly slot: number
}

/** Main to shard. Those with an `ask` are answered with a reply of the same number. */
export type Control =
  /** `modules`: artefacts by key that the shard does not have yet; each crosses once, however many agents run it. */
  | {
    readonly kind: 'create', readonly ask: number, readonly agents: readonly AgentBirth[]
    readonly modules: ReadonlyArray<readonly [key: string, artefact: unknown]>
  }
  | { readonly kind: 'forget-module', readonly module: string }
  | { readonly kind: 'restart', readonly ask: number, readonly slot: number }
  /**
   * Handles what is queued, saves and stops the guest; `now` bounces what is queued instead. `keeps`: the conversations
   * that it began stay open, for its next start; otherwise they end, and their participants are told.
   */
  | { readonly kind: 'stop', readonly ask: number, readonly slot: number, readonly now: boolean, readonly keeps?: boolean }
  /**
   * Puts a new version into the place of an agent, who keeps handle, mailbox and conversations. What is queued is
   * handled by the old one first, for at most `drain` milliseconds; 0: at the next turn. Once the new one has taken the
   * state over, neither has a turn until the order to settle.
   */
  | {
    readonly kind: 'upgrade', readonly ask: number, readonly drain: number, readonly agent: AgentBirth
    /** Whether the new version wants what the old one saves. */
    readonly takesState: boolean
    readonly modules: ReadonlyArray<readonly [key: string, artefact: unknown]>
  }
  /** The new version of the latest upgrade takes the place, or the old one goes on as if nothing had happened. */
  | { readonly kind: 'settle', readonly slot: number, readonly accept: boolean }
  /** Discards the guest; what is queued waits for the order to restart. */
  | { readonly kind: 'rest', readonly slot: number }
  /** Bounces everything queued, now and until the agent is created anew. */
  | { readonly kind: 'park', readonly slot: number }
  | { readonly kind: 'names', readonly changes: NameChanges }
  | { readonly kind: 'capabilities', readonly changes: OfferChanges }
  | { readonly kind: 'topics', readonly changes: SubscriptionChanges }
  /** Who may write to whom from now on. */
  | { readonly kind: 'policy', readonly tables: PolicyTables | undefined }
  /** What became of the work that was under way for an agent. */
  | { readonly kind: 'worked', readonly slot: number, readonly generation: number, readonly committed: boolean }
  | { readonly kind: 'conversations', readonly ask: number, readonly order: ConversationOrder }
  /** From now on, or not any more, an agent's messages are copied to a version that only watches. */
  | { readonly kind: 'mirror', readonly slot: number, readonly shadow: number, readonly on: boolean }
  /** Has the time from queueing to having handled counted for an agent, in buckets as those of the latencies. */
  | { readonly kind: 'measure', readonly slot: number, readonly buckets: SharedArrayBuffer }
  /** Asks in how many open conversations an agent is. */
  | { readonly kind: 'involved', readonly ask: number, readonly handle: number }
  /** The agents are there: messages may come. */
  | { readonly kind: 'open' }
  | { readonly kind: 'end' }

/** How one agent's birth went. */
export interface BirthResult {
  readonly handle: number
  readonly failure?: string
  /** How long instantiating and starting took. */
  readonly milliseconds: number
}

export interface AgentLogLine {
  readonly handle: number
  readonly at: number
  readonly level: number
  readonly text: string
}

/** What an agent makes known about itself: what it offers, and which topics it wants to hear of. */
export type Notice = Registration | { readonly kind: 'subscribes' | 'unsubscribes', readonly topic: string }

export interface Announcement {
  readonly handle: number
  readonly notice: Notice
}

/** Shard to main. */
export type ShardEvent =
  | { readonly kind: 'ready' }
  | {
    readonly kind: 'created', readonly ask: number, readonly results: readonly BirthResult[]
    /** What the agents made known at their start, so that whoever waits for them finds it in place. */
    readonly announced: readonly Announcement[]
  }
  | {
    readonly kind: 'stopped', readonly ask: number, readonly failure?: string
    /** From `caxton_save`. */
    readonly state: Uint8Array | undefined
  }
  | {
    readonly kind: 'upgraded', readonly ask: number, readonly milliseconds: number
    /** Why the new version can't take the place; the old one goes on then. */
    readonly failure?: string
    /** What the old version handed over. */
    readonly state: Uint8Array | undefined
  }
  | { readonly kind: 'involved', readonly ask: number, readonly conversations: number }
  | { readonly kind: 'conversations', readonly ask: number, readonly pictures: readonly ConversationPicture[] }
  | { readonly kind: 'conversations-changed', readonly report: ConversationReport }
  | { readonly kind: 'fault', readonly handle: number, readonly fault: FaultKind, readonly message: string }
  | { readonly kind: 'logs', readonly lines: readonly AgentLogLine[] }
  | { readonly kind: 'announced', readonly announced: readonly Announcement[] }
  | {
    readonly kind: 'taps', readonly frames: readonly Uint8Array[], readonly outcomes: readonly number[]
    /** When each passed. */
    readonly times: readonly number[]
    readonly skipped: number
  }
  | { readonly kind: 'letters', readonly frames: readonly Uint8Array[], readonly reasons: readonly number[] }
  /** `dropped`: so many more were not noted. */
  | { readonly kind: 'spans', readonly spans: readonly MessageSpan[], readonly dropped: number }
  /** What became of durable messages: delivery numbers, and for each -1 for handled or a position in `UNDELIVERABLE`. */
  | { readonly kind: 'settled', readonly numbers: readonly number[], readonly outcomes: readonly number[] }
  | { readonly kind: 'works', readonly works: readonly ShardWork[] }
  /** The shard's own code failed; it goes on. */
  | { readonly kind: 'trouble', readonly message: string }

/** Whether an event tells what happens all the time, so that there may be too many for main. */
export const isReport = ({ kind }: ShardEvent): boolean => kind === 'logs' || kind === 'taps' || kind === 'letters' || kind === 'spans'

const ANSWERS: readonly string[] = ['created', 'stopped', 'upgraded', 'involved', 'conversations']

/** Whether somebody waits for the event. */
export const isAnswer = (event: ShardEvent): event is Extract<ShardEvent, { readonly ask: number }> => ANSWERS.includes(event.kind)
