import type { LogFields, Logger } from '../../kernel/contract/index.js'

/** A logger that remembers. */
export class RecordingLogger implements Logger {
  readonly lines: Array<{ readonly level: keyof Logger, readonly message: string, readonly fields: LogFields }> = []

  debug (message: string, fields: LogFields = {}): void {
    this.lines.push({ level: 'debug', message, fields })
  }

  info (message: string, fields: LogFields = {}): void {
    this.lines.push({ level: 'info', message, fields })
  }

  warn (message: string, fields: LogFields = {}): void {
    this.lines.push({ level: 'warn', message, fields })
  }

  error (message: string, fields: LogFields = {}): void {
    this.lines.push({ level: 'error', message, fields })
  }
}
