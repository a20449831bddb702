import { StoreBusy, type Change, type Clock, type Timer } from '../../kernel/contract/index.js'
import { BatchGroup } from './batch-group.js'
import type { TableId } from './database-calls.js'

/** A group as large as this is written without waiting for the tick. */
const GROUP_BYTES = 1024 * 1024
const GROUP_BATCHES = 2000
/** One group is being written while the next lies ready. */
const MOST_IN_FLIGHT = 2
/** Most batches that wait, whatever their size. */
const MOST_BATCHES = 65_536

export interface CommitQueueOptions {
  /** Milliseconds that a batch waits for others while an earlier group is being written. */
  readonly interval: number
  /** Most bytes that wait; a single batch may be larger when nothing else waits. */
  readonly bytes: number
}

/** Writes a group in one transaction. Answers with an error for each batch that failed, or undefined when none did. */
export type WriteGroup = (group: BatchGroup) => Promise<ReadonlyArray<Error | undefined> | undefined>

/**
 * Gathers the batches of a tick into one transaction, in the order of the calls. A batch waits here until the disk
 * has taken those before it; the queue is bounded by count and bytes, and what would go beyond is refused with
 * `STORE_BUSY`.
 */
export class CommitQueue {
  #filling = new BatchGroup()
  #sealed: BatchGroup[] = []
  #inFlight = 0
  #batches = 0
  #bytes = 0
  #timer: Timer | undefined
  #onIdle: Array<() => void> = []

  constructor (
    private readonly clock: Clock,
    private readonly options: CommitQueueOptions,
    private readonly write: WriteGroup,
  ) {}

  /** Batches that are not durable yet. */
  get waiting (): number {
    return this.#batches
  }

  /** The changes must have been checked. Their bytes are copied before this returns. */
  add (changes: readonly Change[], tables: ReadonlyMap<string, TableId>): Promise<void> {
    const bytes = BatchGroup.cost(changes)
    if (this.#batches >= MOST_BATCHES || (this.#batches > 0 && this.#bytes + bytes > this.options.bytes)) {
      return Promise.reject(StoreBusy({ waiting: this.#batches, bytes: this.#bytes }))
    }
    return new Promise((resolve, reject) => {
      this.#batches++
      this.#bytes += bytes
      this.#filling.add(changes, tables, { done: resolve, refuse: reject, bytes })
      if (this.#filling.bytes >= GROUP_BYTES || this.#filling.tickets.length >= GROUP_BATCHES) this.#seal()
      else this.#timer ??= this.clock.after(this.#patience, () => { this.#seal() })
    })
  }

  /** Writes what waits at once; resolves when everything added so far is durable or refused. */
  async flush (): Promise<void> {
    this.#seal()
    if (this.#batches > 0) await new Promise<void>(resolve => { this.#onIdle.push(resolve) })
  }

  /** While the disk is busy others may join at no cost; an idle disk is not kept waiting for them. */
  get #patience (): number {
    return this.#inFlight === 0 ? 0 : this.options.interval
  }

  #seal (): void {
    this.#timer?.cancel()
    this.#timer = undefined
    if (!this.#filling.isEmpty) {
      this.#sealed.push(this.#filling)
      this.#filling = new BatchGroup()
    }
    this.#pump()
  }

  #pump (): void {
    while (this.#inFlight < MOST_IN_FLIGHT) {
      const group = this.#sealed.shift()
      if (!group) return
      this.#inFlight++
      this.write(group).then(
        errors => { this.#settle(group, index => errors?.[index]) },
        (error: Error) => { this.#settle(group, () => error) },
      )
    }
  }

  #settle (group: BatchGroup, errorOf: (index: number) => Error | undefined): void {
    this.#inFlight--
    this.#batches -= group.tickets.length
    this.#bytes -= group.bytes
    group.tickets.forEach((ticket, index) => {
      const error = errorOf(index)
      if (error) ticket.refuse(error)
      else ticket.done()
    })
    this.#pump()
    if (this.#batches > 0) return
    const idle = this.#onIdle
    this.#onIdle = []
    for (const resolve of idle) resolve()
  }
}
