import type { Logger, Metrics, PluginContext, SecurityEvents } from '../../kernel/contract/index.js'
import { RecordingLogger } from './recording-logger.js'

/** A plugin's context that keeps what was said. */
export class QuietContext implements PluginContext {
  readonly log = new RecordingLogger()
  /** What they say is kept as warnings, as the server's log does. */
  readonly events: SecurityEvents = eventsIn(this.log)
  readonly failures: Error[] = []

  constructor (readonly instance = 'subject') {}

  fail (error: Error): void {
    this.failures.push(error)
  }

  /** The messages of one level. */
  said (level: keyof Logger): string[] {
    return this.log.lines.filter(line => line.level === level).map(line => line.message)
  }
}

/** Metrics that nobody reads. */
export const noMetrics: Metrics = {
  counter: () => ({ add: () => {} }),
  gauge: () => ({ set: () => {} }),
  histogram: () => ({ record: () => {} }),
  onCollect: () => {},
}

/** Security events as warnings of a log: why, or else what. */
export const eventsIn = (log: Logger): SecurityEvents => ({ note: ({ what, because }) => log.warn(because ?? what) })

/** Security events that nobody reads. */
export const noEvents: SecurityEvents = { note: () => {} }
