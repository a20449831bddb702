import { CONTRACT_VERSION, type Clock, type Logger, type NodeFacts, type Plugin, type Random } from '../contract/index.js'
import type { HealthBoard } from '../observability/health.js'
import type { LogLevels } from '../observability/log-levels.js'
import type { LogTail } from '../observability/log-tail.js'
import type { MetricsRegistry } from '../observability/metrics.js'
import type { Tracing } from '../observability/tracing.js'
import type { KernelConfiguration } from './configuration/kernel-schema.js'
import type { PluginHost } from './plugins/plugin-host.js'

/** What exists before any part of the kernel starts. */
export interface Surroundings {
  readonly configuration: KernelConfiguration
  readonly configurationFile: string
  readonly node: NodeFacts
  readonly clock: Clock
  readonly random: Random
  readonly metrics: MetricsRegistry
  readonly tracing: Tracing
  readonly health: HealthBoard
  readonly log: (part: string) => Logger
  readonly logLevels: LogLevels
  readonly logTail: LogTail
  /** What was read of the configuration, of the kernel and of each plugin: secrets are in it as `Secret`. */
  readonly inForce: object
  /** Flags that this Node process runs with. */
  readonly processFlags: readonly string[]
  readonly plugins: () => PluginHost
  readonly stop: () => void
}

/** A part of the kernel: a plugin without a table in the configuration. */
export const part = (plugin: Pick<Plugin, 'name' | 'summary' | 'provides' | 'needs' | 'operations' | 'register'>): Plugin =>
  ({ stability: 'stable', contract: `^${CONTRACT_VERSION}`, ...plugin })
