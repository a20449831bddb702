import { pino, type Logger as Pino } from 'pino'
import type { Clock, LogFields, Logger, LogLevel, LogLine } from '../contract/index.js'
import { LOG_LEVELS, LogLevels } from './log-levels.js'
import { lineText } from './log-line-text.js'
import { redactFields, redactText } from './log-redaction.js'
import { LogTail } from './log-tail.js'

/** Where and how to log. */
export interface LogSettings {
  /** Lines below this level are not made at all, unless {@link Log.levels} says otherwise. */
  readonly level: LogLevel
  /** `json`: one document a line, for programs. `human`: a short line for people. */
  readonly format: 'json' | 'human'
  /** Colour, for `human`. */
  readonly coloured: boolean
}

/** What takes finished lines, each ending with a line break. Must not throw or block. */
export interface LogSink {
  write (line: string): void
}

const OWN: ReadonlySet<string> = new Set(['level', 'time', 'part', 'msg'])
/** Bytes that may wait for a reader of standard error. */
const MOST_UNWRITTEN = 16 * 2 ** 20

/** The log of this process: hands out a logger for each part and keeps the latest lines. */
export class Log {
  readonly tail = new LogTail()
  readonly levels: LogLevels
  private readonly pino: Pino

  constructor (private readonly settings: LogSettings, private readonly sink: LogSink, private readonly clock: Clock) {
    this.levels = new LogLevels(settings.level)
    this.pino = pino({
      level: 'debug',
      base: null,
      timestamp: () => `,"time":"${new Date(this.clock.now()).toISOString()}"`,
      formatters: { level: label => ({ level: label }) },
    }, sink)
  }

  /** The logger of a part, usually a plugin instance; its name stands on every line. */
  named (part: string): Logger {
    const child = this.pino.child({ part })
    const threshold = this.levels.of(part)
    const at = (level: LogLevel) => {
      const rank = LOG_LEVELS.indexOf(level)
      return (message: string, fields?: LogFields): void => {
        if (rank >= threshold.from) this.line(child, level, part, message, fields)
      }
    }
    return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
  }

  private line (child: Pino, level: LogLevel, part: string, message: string, fields: LogFields = {}): void {
    const line: LogLine = { at: this.clock.now(), level, part, message: redactText(message), fields: redactFields(fields) }
    this.tail.add(line)
    if (this.settings.format === 'human') this.sink.write(lineText(line, this.settings.coloured))
    else child[level](withoutClashes(line.fields), line.message)
  }
}

/** A field must not write a key twice that every line has. */
function withoutClashes (fields: LogFields): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [OWN.has(name) ? `${name}_` : name, value]))
}

/**
 * Standard error, written in the background; lines that nobody reads are dropped. `close` writes out what is left; call
 * it last.
 */
export function standardError (): LogSink & { close (): void } {
  const destination = pino.destination({ fd: 2, sync: false, maxLength: MOST_UNWRITTEN })
  const ignore = (): void => {}
  destination.on('error', ignore)
  return {
    write: line => { destination.write(line) },
    close: () => {
      try {
        destination.flushSync()
      } catch {
        // Standard error is gone or not open yet: nothing is left that could be told about it.
      }
    },
  }
}
