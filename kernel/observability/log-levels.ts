import { nearest, type LogLevel } from '../contract/index.js'
import { LogLevelUnknown, LogPartUnknown } from './log-level-errors.js'

/** From the least to the most important. */
export const LOG_LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error']

/** From which level on a part logs, as its loggers look it up with every line. */
export interface LogThreshold {
  /** Position in {@link LOG_LEVELS}. */
  from: number
}

/** How one part logs. */
export interface PartLevel {
  readonly part: string
  readonly level: LogLevel
  /** Whether it was set while the server runs. */
  readonly changed: boolean
}

/** From which level on each part logs. What is set here ends with the process. */
export class LogLevels {
  private all: LogLevel | undefined
  private readonly own = new Map<string, LogLevel>()
  private readonly thresholds = new Map<string, LogThreshold>()

  constructor (readonly configured: LogLevel) {}

  /** The threshold of a part, which is known from then on. */
  of (part: string): LogThreshold {
    const known = this.thresholds.get(part)
    if (known !== undefined) return known
    const threshold = { from: 0 }
    this.thresholds.set(part, threshold)
    this.apply()
    return threshold
  }

  /** Every part by name, or the one that is named. */
  list (part = ''): PartLevel[] {
    return [...this.thresholds.keys()].filter(name => part === '' || name === part).sort()
      .map(name => ({ part: name, level: this.levelOf(name), changed: this.own.has(name) || this.all !== undefined }))
  }

  /** Sets the level of a part, or of all: an empty name. Throws `LOG_PART_UNKNOWN`, `LOG_LEVEL_UNKNOWN`. */
  set (part: string, written: string): void {
    const level = LOG_LEVELS.find(one => one === written)
    if (level === undefined) throw LogLevelUnknown({ level: written })
    this.ensureKnown(part)
    if (part === '') {
      this.all = level
      this.own.clear()
    } else {
      this.own.set(part, level)
    }
    this.apply()
  }

  /** A part goes with all others again; all go back to the configuration. Throws `LOG_PART_UNKNOWN`. */
  reset (part: string): void {
    this.ensureKnown(part)
    if (part === '') {
      this.all = undefined
      this.own.clear()
    } else {
      this.own.delete(part)
    }
    this.apply()
  }

  private levelOf (part: string): LogLevel {
    return this.own.get(part) ?? this.all ?? this.configured
  }

  private apply (): void {
    for (const [part, threshold] of this.thresholds) threshold.from = LOG_LEVELS.indexOf(this.levelOf(part))
  }

  private ensureKnown (part: string): void {
    if (part === '' || this.thresholds.has(part)) return
    throw LogPartUnknown({ part, near: nearest(part, this.thresholds.keys()) })
  }
}
