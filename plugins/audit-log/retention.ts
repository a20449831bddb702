import type { AuditFolder } from './folder/audit-folder.js'
import type { ChainWriter } from './chain/chain-writer.js'
import { openLine } from './chain/sealed-line.js'
import { linesOf } from './reading/lines.js'

/** How much of the log is kept. */
export interface RetentionRules {
  /** Milliseconds. */
  readonly keepFor: number
  /** Bytes. */
  readonly keepSize: number | undefined
}

interface Segment {
  readonly number: number
  /** When it began, in milliseconds since the Unix epoch. */
  readonly began: number
  readonly size: number
}

/** Removes the oldest segments. That they go is on record before, or verifying the log would miss them. */
export class Retention {
  constructor (
    private readonly folder: AuditFolder, private readonly rules: RetentionRules, private readonly writer: ChainWriter,
  ) {}

  /** Removes what is to go by now (milliseconds since the Unix epoch); the number of the last segment that went. */
  async apply (now: number): Promise<number | undefined> {
    const segments = await this.#closed()
    const through = this.#lastToGo(segments, now)
    if (through === undefined) return undefined
    await this.writer.keep({ event: 'retired', through })
    for (const { number } of segments) {
      if (number <= through) await this.folder.remove(number)
    }
    return through
  }

  /** A segment is over when the next one begins; the one that is being written never goes. */
  #lastToGo (segments: readonly Segment[], now: number): number | undefined {
    const { keepFor, keepSize = Infinity } = this.rules
    let size = segments.reduce((sum, segment) => sum + segment.size, 0)
    let last: number | undefined
    for (const [index, { number, size: own }] of segments.entries()) {
      const next = segments[index + 1]
      if (next === undefined || (next.began > now - keepFor && size <= keepSize)) break
      last = number
      size -= own
    }
    return last
  }

  async #closed (): Promise<Segment[]> {
    const found: Segment[] = []
    for (const number of await this.folder.segments()) found.push(await this.#look(number))
    return found
  }

  async #look (number: number): Promise<Segment> {
    let began = Infinity
    for await (const { bytes } of linesOf(this.folder.read(number))) {
      began = Date.parse(openLine(bytes)?.body.time ?? '')
      break
    }
    return { number, began, size: await this.folder.size(number) }
  }
}
