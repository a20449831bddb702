import type { LogFields, Metrics, PluginContext } from '../../kernel/contract/index.js'

/** A plugin's context that keeps what was said. */
export class QuietContext implements PluginContext {
  readonly lines: Array<{ readonly level: string, readonly message: string, readonly fields: LogFields | undefined }> = []
  readonly failures: Error[] = []

  constructor (readonly instance = 'subject') {}

  readonly log = {
    debug: (message: string, fields?: LogFields) => { this.lines.push({ level: 'debug', message, fields }) },
    info: (message: string, fields?: LogFields) => { this.lines.push({ level: 'info', message, fields }) },
    warn: (message: string, fields?: LogFields) => { this.lines.push({ level: 'warn', message, fields }) },
    error: (message: string, fields?: LogFields) => { this.lines.push({ level: 'error', message, fields }) },
  }

  fail (error: Error): void {
    this.failures.push(error)
  }

  /** The messages of one level. */
  said (level: 'debug' | 'info' | 'warn' | 'error'): string[] {
    return this.lines.filter(line => line.level === level).map(line => line.message)
  }
}

/** Metrics that nobody reads. */
export const noMetrics: Metrics = {
  counter: () => ({ add: () => {} }),
  gauge: () => ({ set: () => {} }),
  histogram: () => ({ record: () => {} }),
  onCollect: () => {},
}
