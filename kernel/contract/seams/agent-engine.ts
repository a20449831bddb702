import { token } from '../token.js'

/** Everything an agent may call on its host; which of them, is granted at deployment. */
export const HOST_CALLS = ['send', 'self', 'lookup', 'register', 'subscribe', 'now', 'random', 'timer', 'log', 'call'] as const
export type HostCall = typeof HOST_CALLS[number]

/** Bounds on one agent, all enforced by the engine. */
export interface GuestLimits {
  /** Most linear memory, in bytes; a multiple of 64 KiB. */
  readonly memoryBytes: number
  /** Work units per message or timer. */
  readonly fuelPerMessage: number
  /** Work units for starting, saving, loading and stopping. */
  readonly fuelPerStart: number
  /** Largest frame the host hands in or takes, in bytes. */
  readonly messageBytes: number
}

/** What an uploaded module turned into. `artefact` crosses threads by structured clone and is opaque to the kernel. */
export interface PreparedModule {
  readonly artefact: unknown
  /** Host calls that the module imports. */
  readonly uses: readonly HostCall[]
  /** Exported state hooks. */
  readonly keepsState: boolean
  /** Size of the code that will run, in bytes. */
  readonly codeBytes: number
}

/**
 * Turns uploaded bytes into something runnable. Lives in the deploy worker, which the kernel kills after a deadline, so it may
 * block. Rejections are declared errors of kind `invalid`, `denied` or `exhausted` that name the byte offset or the item.
 */
export interface ModulePreparer {
  /**
   * `sound` may be called once, as soon as a refusal has become unlikely and what is left is work, such as compiling: the kernel writes
   * a new agent to the disk meanwhile. What is refused all the same is taken back from there.
   */
  prepare (bytes: Uint8Array, granted: readonly HostCall[], limits: GuestLimits, sound: () => void): Promise<PreparedModule>
}

/** Why a guest had to be stopped; `rejected` from {@link Guest.handle} says no more than that it had no room for one message. */
export type FaultKind = 'trap' | 'fuel' | 'stack' | 'memory' | 'rejected'

/**
 * Thrown by a {@link Guest} when its agent misbehaved. The instance must then be discarded: its memory may be inconsistent. Only a
 * guest that `rejected` a message goes on.
 */
export class GuestFault extends Error {
  override readonly name = 'GuestFault'

  constructor (readonly kind: FaultKind, message: string) {
    super(message)
  }
}

/**
 * What the engine calls for the agent, in the shard's thread; every range was checked against the agent's memory before. None
 * of these may throw or block, and none keeps `memory`. Results below zero are the codes of {@link HOST_RESULTS}.
 */
export interface GuestHost {
  /** Queues the frame at `memory[offset, offset + length)`; writes message id and conversation handle back into its header. */
  send (memory: Uint8Array, offset: number, length: number): number
  /** Address of the agent itself: handle, and generation × 2³². */
  self (): bigint
  /** Address of the agent with this name, or 0. */
  lookup (name: string): bigint
  /** Offers a capability, a JSON object with at least `name`; or withdraws one: `{"withdraw":name}`. */
  register (description: string): number
  /** Receives what is published under a topic, or with a `-` before it no more. */
  subscribe (topic: string): number
  /** Milliseconds since the Unix epoch. */
  now (): bigint
  random (memory: Uint8Array, offset: number, length: number): number
  /** Fires `tick(id)` once after `milliseconds`; a negative time cancels the timer. */
  timer (milliseconds: number, id: number): number
  /** `level`: 0 debug, 1 info, 2 warn, 3 error. */
  log (level: number, text: string): void
  /** Queues a call of a tool; writes the message id back into its header. The answer is a message. */
  call (memory: Uint8Array, offset: number, length: number): number
}

/** What a host call answers to an agent. */
export const HOST_RESULTS = {
  ok: 0, badRange: -1, malformed: -2, noSuchAgent: -3, full: -4, tooLarge: -5, quota: -6, denied: -7, unavailable: -8,
} as const

/** One running agent inside a shard. Every method is synchronous, bounded by fuel, and throws {@link GuestFault} on misbehaviour. */
export interface Guest {
  /** Runs initialisers and `caxton_init` with the agent's configuration. Below zero: the agent refuses to start. */
  start (configuration: Uint8Array): number
  /** Hands in one frame. Below zero: the agent reports failure. */
  handle (frame: Uint8Array, offset: number, length: number): number
  /** A timer fired. */
  tick (timer: number): number
  /** The agent's own state, or undefined when it keeps none. */
  save (): Uint8Array | undefined
  load (state: Uint8Array, fromVersion: number): number
  stop (): void
  /** Linear memory in bytes, now. */
  memoryBytes (): number
  /** Work units that the latest call used. */
  fuelUsed (): number
}

/** Makes guests inside a shard. */
export interface GuestFactory {
  create (artefact: unknown, host: GuestHost, limits: GuestLimits): Guest
  /**
   * Called while the shard has nothing else to do, until it answers false: makes something ready that the next guests may need, and takes
   * no longer than the start of one.
   */
  makeReady? (): boolean
  /** The shard has no agent of this artefact any more: what was made ready for it can go. */
  forget? (artefact: unknown): void
}

/** Export `createPreparer` of the module that the deploy worker imports. */
export type CreatePreparer = (settings: unknown) => Promise<ModulePreparer>
/** Export `createFactory` of the module that every shard imports. */
export type CreateFactory = (settings: unknown) => Promise<GuestFactory>

/** How uploaded bytes become a running agent inside a shard. The kernel asks once, at start. */
export interface AgentEngine {
  /** URL of a module that exports `createPreparer`. */
  readonly preparerModule: string
  /** URL of a module that exports `createFactory`. */
  readonly factoryModule: string
  /** Given to both; crosses threads by structured clone. */
  readonly settings: unknown
  /** Flags that the Node process must have been started with: `--disable-wasm-trap-handler`. */
  readonly processFlags: readonly string[]
}

export const AgentEngineToken = token<AgentEngine>('caxton/agent-engine@1')
