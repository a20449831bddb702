import type { LogLine } from '../../../kernel/contract/index.js'
import type { RecordBlocks } from '../records/record-blocks.js'
import { wanted, type LineChoice } from './line-choice.js'
import { LineFollowers, type FollowedLine } from './line-followers.js'
import { readLineText } from './line-text.js'

/** Most lines of one answer that are not followed. */
const MOST_LINES = 100_000

/** What somebody wants to read. */
export interface LogQuestion extends LineChoice {
  /** Milliseconds since the Unix epoch. */
  readonly since: number
  /** Only the last of them; 0: all. */
  readonly last: number
}

/** Reads the log: what is kept of it, and what is being written. */
export class LogReading {
  readonly #followers = new LineFollowers()

  constructor (private readonly blocks: Pick<RecordBlocks, 'read'>) {}

  /** A line was written. */
  tell (line: LogLine): void {
    this.#followers.tell(line)
  }

  /** The latest lines that are kept, oldest first. */
  async latest (question: LogQuestion): Promise<readonly LogLine[]> {
    const isWanted = wanted(question)
    const most = question.last === 0 ? MOST_LINES : Math.min(question.last, MOST_LINES)
    const lines: LogLine[] = []
    for await (const text of this.blocks.read(question.since, block => question.trace === '' || block.includes(question.trace))) {
      const line = readLineText(text)
      if (line === undefined || line.at < question.since || !isWanted(line)) continue
      lines.push(line)
      // Not one by one: that would move all of them each time.
      if (lines.length >= most * 2) lines.splice(0, lines.length - most)
    }
    return lines.slice(-most)
  }

  /** The latest lines, and then those to come until `signal` aborts. None is missed between. */
  async * follow (question: LogQuestion, signal: AbortSignal): AsyncGenerator<FollowedLine> {
    const leaving = new AbortController()
    const coming = this.#followers.follow(wanted(question), AbortSignal.any([signal, leaving.signal]))
    // In the same turn, so that each line is in one of the two.
    const kept = this.latest(question)
    try {
      for (const line of await kept) yield { line, skipped: 0 }
      yield * coming
    } finally {
      leaving.abort()
    }
  }
}
