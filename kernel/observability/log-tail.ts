import type { LogLine } from '../contract/index.js'

/** The latest lines of the log, in memory, for people who look at a running server. */
export class LogTail {
  private readonly lines: LogLine[] = []
  private oldest = 0
  private readonly listeners: Array<(line: LogLine) => void> = []

  /** `kept` lines are remembered. */
  constructor (private readonly kept = 1_000) {}

  add (line: LogLine): void {
    if (this.lines.length < this.kept) {
      this.lines.push(line)
    } else {
      this.lines[this.oldest] = line
      this.oldest = (this.oldest + 1) % this.kept
    }
    for (const heed of this.listeners) heed(line)
  }

  /** Calls `heed` with each line from now on. It must be quick, and not throw. */
  onLine (heed: (line: LogLine) => void): void {
    this.listeners.push(heed)
  }

  /** The latest lines that match, oldest first. */
  recent (most: number, matches: (line: LogLine) => boolean = () => true): LogLine[] {
    const all = [...this.lines.slice(this.oldest), ...this.lines.slice(0, this.oldest)]
    return most > 0 ? all.filter(matches).slice(-most) : []
  }
}
