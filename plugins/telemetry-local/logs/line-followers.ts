import type { LogLine } from '../../../kernel/contract/index.js'

/** Lines that wait for one reader. */
const WAITING = 1_000

/** A line that somebody follows. */
export interface FollowedLine {
  readonly line: LogLine
  /** Lines left out before this one because the reader was slower than the log. */
  readonly skipped: number
}

/** Those who read the log as it is written. */
export class LineFollowers {
  readonly #followers = new Set<(line: LogLine) => void>()

  /** Must not log anything. */
  tell (line: LogLine): void {
    for (const follow of this.#followers) follow(line)
  }

  /** How many there are. */
  get size (): number { return this.#followers.size }

  /** Begins at once; the lines come when they are asked for, until `signal` aborts. */
  follow (isWanted: (line: LogLine) => boolean, signal: AbortSignal): AsyncGenerator<FollowedLine> {
    const waiting: LogLine[] = []
    let skipped = 0
    let wake = (): void => {}
    const receive = (line: LogLine): void => {
      if (!isWanted(line)) return
      if (waiting.length >= WAITING) skipped++
      else waiting.push(line)
      wake()
    }
    const leave = (): void => {
      this.#followers.delete(receive)
      signal.removeEventListener('abort', leave)
      wake()
    }
    this.#followers.add(receive)
    signal.addEventListener('abort', leave)
    return async function * (): AsyncGenerator<FollowedLine> {
      try {
        while (!signal.aborted) {
          const line = waiting.shift()
          if (line === undefined) {
            await new Promise<void>(resolve => { wake = resolve })
            continue
          }
          const missed = skipped
          skipped = 0
          yield { line, skipped: missed }
        }
      } finally {
        leave()
      }
    }()
  }
}
