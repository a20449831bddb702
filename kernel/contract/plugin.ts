import type { Command } from './command.js'
import type { ConfigSchema } from './config.js'
import type { ErrorEntry } from './errors.js'
import type { Health, Logger } from './observe.js'
import type { OperationInfo, OperationService } from './operation.js'
import { token, type Injected, type Token } from './token.js'

/** Version of this contract (semantic versioning). A plugin names the range it was written for. */
export const CONTRACT_VERSION = '1.0.0'

/**
 * What a plugin asks of the operator, who grants it with `allow` in the configuration. It is consent, not a sandbox: code in
 * this process can do what the process can do. First-party plugins are granted theirs.
 */
export type Privilege = 'net.listen' | 'net.dial' | 'fs.read' | 'fs.write' | 'process.spawn'

/** How far a plugin may be relied on. */
export type Stability = 'experimental' | 'beta' | 'stable' | 'deprecated'

/** The living part of a plugin. Every hook is optional; each has a deadline set by the host. */
export interface PluginLife {
  /** Begins I/O. Everything in `needs` has started. Called once. */
  start? (signal: AbortSignal): Promise<void>
  /** No new work; finish the old. Called before `stop`, while everything it needs still runs. */
  drain? (signal: AbortSignal): Promise<void>
  /** Ends everything. Called once if `start` was called, whether or not that succeeded. */
  stop? (): Promise<void>
  /** Answers at once, without I/O. Called from timers and requests. */
  health? (): Health
}

/** What every plugin gets besides its `needs`. */
export interface PluginContext {
  /** The name of its table in the configuration; two instances of one plugin have two. */
  readonly instance: string
  readonly log: Logger
  /** Reports that the plugin died after it had started. Never blocks; the kernel decides what follows. */
  fail (error: Error): void
}

/** The context, for a class. */
export const PluginContextToken = token<PluginContext>('caxton/plugin-context@1')
/** The plugin's own configuration, parsed and typed; the parameter's type is the plugin's `ConfigOf<typeof config>`. */
export const PluginConfig = token<never>('caxton/plugin-config@1')
/** The plugin's own logger. */
export const PluginLog = token<Logger>('caxton/plugin-log@1')

/** A service that is not the plugin's main object itself. `from` is called once, before `start`, and must not block. */
export interface Provision {
  readonly token: Token<unknown>
  from (main: object): unknown
}

/** Says that `from(main)` is the service of a token; the compiler checks both. */
export function provision<T, M extends object> (provided: Token<T>, from: (main: M) => T): Provision {
  return { token: provided, from: main => from(main as M) }
}

/** How a plugin in plain JavaScript wires itself, without any runtime import of Caxton. */
export interface Registration extends PluginContext {
  readonly config: Readonly<Record<string, unknown>>
  /** A service from `needs`. */
  get<K extends Token<unknown>> (wanted: K): Injected<K>
  /** Gives a service named in `provides`. Before `register` returns. */
  provide<T> (provided: Token<T>, service: T): void
}

/** A plugin: plain data plus wiring. Reading it costs nothing and does nothing. */
export interface Plugin {
  /** `<seam>-<how>`: `transport-tcp`. */
  readonly name: string
  /** One sentence, shown by `caxton plugins list`. */
  readonly summary: string
  readonly stability: Stability
  /** Range of the contract it was written for: `^1.0`. */
  readonly contract: string
  /** Tokens whose service is the main object itself, or {@link provision}s. */
  readonly provides?: ReadonlyArray<Token<unknown> | Provision>
  /** Everything its class injects, besides the context, log and configuration that every plugin has. */
  readonly needs?: ReadonlyArray<Token<unknown>>
  readonly asks?: readonly Privilege[]
  readonly config?: ConfigSchema
  readonly operations?: readonly OperationService[]
  readonly commands?: readonly Command[]
  /** URL of the module whose `openConnector` export is an `OpenConnector`, for a face that commands can use. */
  readonly connector?: string
  /** Every error the plugin declares, for `caxton explain` and the error reference. */
  readonly errors?: readonly ErrorEntry[]
  /**
   * What an operator wants to know before the start and only this machine can tell, in one sentence without a point; `caxton server check`
   * shows it. Gets the plugin's configuration, parsed and typed, and every operation that there will be; `undefined` where a plugin could
   * not be loaded, so that nobody knows. Starts and opens nothing; rejects with a declared error where a start would, or with anything
   * else, which counts as nothing to say.
   */
  outlook? (
    config: Readonly<Record<string, unknown>>, instance: string, operations: readonly OperationInfo[] | undefined,
  ): Promise<string>
  /** Imports the class. It is marked with `injectable()` and its parameters with `inject(...)`. */
  main? (): Promise<new (...parameters: never[]) => object>
  /** Instead of `main`: wires objects together and returns the living part. Synchronous, no I/O, no timers. */
  register? (registration: Registration): PluginLife | undefined
}

/** Checks a plugin's data at compile time. At run time it only returns its argument. */
export const definePlugin = (plugin: Plugin): Plugin => plugin
