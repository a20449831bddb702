import { LogTail } from './log-tail.js'
import type { ModuleTable } from './module-table.js'
import { OwnerRecords } from './owner-records.js'

/** How far a log has got, and what comes of it. */
export interface Head {
  readonly nodeId: string
  /** Which of the node's logs: a new one with every start, higher each time. */
  readonly epoch: number
  /** Entries of that log. */
  readonly sequence: number
  /** 32 bits that stand for all the records. */
  readonly hash: number
  /** Records. */
  readonly count: number
}

/** What is known of one node: the records that its log comes to, and the tail of the log. */
export class Owner {
  readonly records: OwnerRecords
  readonly tail: LogTail
  /** 0 while nothing is known. */
  epoch = 0
  /** Whether the records are exactly what the log comes to at its latest entry. Only then others may have them from here. */
  isWhole = false
  /** Set while a snapshot is taken over, which must not be mixed with anything else. */
  load: object | undefined
  /** Until when it is not asked itself first, for it did not answer: on the clock's monotonic time. */
  shunnedUntil = 0
  /** When it was last heard of, in milliseconds since the Unix epoch. */
  heardAt = 0
  /** Logs up to this epoch are those of a node that was removed: only the node itself may bring them back. */
  forgottenEpoch = 0

  constructor (readonly nodeId: string, readonly number: number, modules: ModuleTable, tail: number) {
    this.records = new OwnerRecords(modules)
    this.tail = new LogTail(tail)
  }

  get head (): Head {
    const { nodeId, epoch, tail: { last: sequence }, records: { contentHash: hash, size: count } } = this
    return { nodeId, epoch, sequence, hash, count }
  }

  /** Whether a head tells of something that is not here yet. */
  isBehind ({ epoch, sequence }: Head): boolean {
    if (epoch !== this.epoch) return epoch > this.epoch
    return sequence > this.tail.last || (sequence === this.tail.last && !this.isWhole)
  }
}
