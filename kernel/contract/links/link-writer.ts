import { whenWorkIsDone } from '../when-work-is-done.js'
import { RECORD_HEADER, type RecordKind } from './link-records.js'
import { packed } from './packing.js'
import { RecordQueue } from './record-queue.js'
import type { Wire } from './wire.js'

/** What goes out in one write, so that a ping never waits behind more. */
const BATCH = 256 * 1024

interface Waiter {
  readonly resume: () => void
  readonly refuse: (error: Error) => void
}

/**
 * The sending side of a link. What one piece of work offers, or what comes while a write is under way, goes out together in the next
 * write.
 */
export class LinkWriter {
  readonly #queue = new RecordQueue()
  readonly #waiters = new Set<Waiter>()
  #urgent: Uint8Array[] = []
  #underWay = 0
  #refused = 0
  #isPlanned = false
  #last: { readonly record: Uint8Array, readonly written: () => void } | undefined
  #isStopped = false

  #packs = false

  /** `most`: bytes that may wait. */
  constructor (private readonly wire: Wire, private readonly most: number) {}

  /** From now on batches are compressed. */
  startPacking (): void {
    this.#packs = true
  }

  /** Bytes that were taken and are not written. */
  get waiting (): number {
    return this.#queue.bytes + this.#underWay
  }

  /** False when there is no room. One record always has room if nothing waits. */
  offer (kind: RecordKind, body: Uint8Array): boolean {
    const { waiting } = this
    const bytes = body.byteLength + RECORD_HEADER
    if (waiting > 0 && waiting + bytes > this.most) {
      if (bytes > this.#refused) this.#refused = bytes
      return false
    }
    this.#queue.append(kind, body)
    this.#writeSoon()
    return true
  }

  /** Goes out before all that waits. */
  urge (record: Uint8Array): void {
    this.#urgent.push(record)
    this.#writeSoon()
  }

  /** Goes out after all that waits; nothing may be offered any more. */
  finish (record: Uint8Array, written: () => void): void {
    this.#last = { record, written }
    this.#writeSoon()
  }

  /** Resolves when there is room for what was refused. */
  async drained (signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    if (this.#hasRoom()) return
    let abort = (): void => {}
    await new Promise<void>((resume, refuse) => {
      const waiter = { resume, refuse }
      this.#waiters.add(waiter)
      abort = () => {
        this.#waiters.delete(waiter)
        refuse(signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason)))
      }
      signal.addEventListener('abort', abort, { once: true })
    }).finally(() => { signal.removeEventListener('abort', abort) })
  }

  /** Lets nobody wait any longer. */
  refuseWaiters (error: () => Error): void {
    for (const { refuse } of this.#waiters) refuse(error())
    this.#waiters.clear()
  }

  /** Writes nothing more. */
  stop (): void {
    this.#isStopped = true
  }

  readonly #write = (): void => {
    this.#isPlanned = false
    if (this.#underWay > 0 || this.#isStopped) return
    const taken = this.#queue.take(BATCH)
    const parts = this.#partsOf(taken)
    const last = this.#queue.bytes === 0 ? this.#last : undefined
    if (last) {
      parts.push(last.record)
      this.#last = undefined
    }
    if (parts.length === 0) return
    this.#underWay = parts.reduce((sum, part) => sum + part.byteLength, 0)
    this.wire.write(parts, () => { this.#written(taken, last?.written) })
  }

  #partsOf (taken: readonly Uint8Array[]): Uint8Array[] {
    const parts = [...this.#urgent, ...this.#packs ? packed(taken) : taken]
    this.#urgent = []
    return parts
  }

  #written (taken: readonly Uint8Array[], last: (() => void) | undefined): void {
    if (this.#isStopped) return
    this.#underWay = 0
    this.#queue.release(taken)
    if (this.#queue.bytes > 0 || this.#urgent.length > 0 || this.#last) this.#write()
    if (this.#waiters.size > 0 && this.#hasRoom()) this.#resumeWaiters()
    last?.()
  }

  #resumeWaiters (): void {
    this.#refused = 0
    for (const { resume } of this.#waiters) resume()
    this.#waiters.clear()
  }

  #hasRoom (): boolean {
    const { waiting } = this
    return waiting === 0 || (waiting <= this.most / 2 && waiting + this.#refused <= this.most)
  }

  #writeSoon (): void {
    if (this.#isPlanned || this.#underWay > 0) return
    this.#isPlanned = true
    whenWorkIsDone(this.#write)
  }
}
