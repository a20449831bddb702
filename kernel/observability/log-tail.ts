import type { LogLine } from '../contract/index.js'

/** A line that somebody follows. */
export interface FollowedLine extends LogLine {
  /** Lines left out before this one because the reader was slower than the log. */
  readonly skipped: number
}

/** The latest lines of the log, in memory, for people who look at a running server. */
export class LogTail {
  private readonly lines: LogLine[] = []
  private oldest = 0
  private readonly followers = new Set<(line: LogLine) => void>()

  /** `kept` lines are remembered, and as many wait for each slow follower. */
  constructor (private readonly kept = 1_000) {}

  add (line: LogLine): void {
    if (this.lines.length < this.kept) {
      this.lines.push(line)
    } else {
      this.lines[this.oldest] = line
      this.oldest = (this.oldest + 1) % this.kept
    }
    for (const follow of this.followers) follow(line)
  }

  /** Calls `heed` with each line from now on. It must be quick, and not throw. */
  onLine (heed: (line: LogLine) => void): void {
    this.followers.add(heed)
  }

  /** The latest lines that match, oldest first. */
  recent (most: number, matches: (line: LogLine) => boolean = () => true): LogLine[] {
    const all = [...this.lines.slice(this.oldest), ...this.lines.slice(0, this.oldest)]
    return most > 0 ? all.filter(matches).slice(-most) : []
  }

  /** Lines as they come, until `signal` aborts. A slow reader misses lines, counted in the next one it gets. */
  async * follow (signal: AbortSignal, matches: (line: LogLine) => boolean = () => true): AsyncGenerator<FollowedLine> {
    const waiting: LogLine[] = []
    let skipped = 0
    let wake: (() => void) | undefined
    const rouse = (): void => { wake?.() }
    const receive = (line: LogLine): void => {
      if (!matches(line)) return
      if (waiting.length >= this.kept) skipped++
      else waiting.push(line)
      rouse()
    }
    this.followers.add(receive)
    signal.addEventListener('abort', rouse)
    try {
      while (!signal.aborted) {
        const line = waiting.shift()
        if (line === undefined) {
          await new Promise<void>(resolve => { wake = resolve })
        } else {
          const missed = skipped
          skipped = 0
          yield { ...line, skipped: missed }
        }
      }
    } finally {
      this.followers.delete(receive)
      signal.removeEventListener('abort', rouse)
    }
  }
}
