import {
  StateBusy, stateBatchBytes, StateTimeout, type Clock, type StateChange, type StateCommit, type Timer,
} from '../../kernel/contract/index.js'
import type { BatchOutcome, StateBatch } from './state-calls.js'
import { fromWire } from './state-failure.js'

/** Most batches that share a transaction. */
const GROUP_BATCHES = 500
/** Most batches that wait, whatever their size. */
const MOST_BATCHES = 10_000
/** What each batch costs the queue besides its keys and values. */
const BATCH_BYTES = 128

interface Waiting extends StateBatch {
  readonly bytes: number
  readonly timer: Timer
  readonly done: (commit: StateCommit) => void
  readonly refuse: (error: Error) => void
}

/** Carries out a group in one transaction, with an outcome for each batch. */
export type CommitGroup = (batches: readonly StateBatch[]) => Promise<readonly BatchOutcome[]>

/**
 * Lets batches that come while the disk is busy share the next transaction, in the order of the calls: the disk takes milliseconds for
 * each. Bounded by count and bytes; what would go beyond is refused with `STATE_BUSY`.
 */
export class BatchGroupQueue {
  #waiting: Waiting[] = []
  #bytes = 0
  #isWriting = false

  constructor (
    private readonly clock: Clock, private readonly timeout: number, private readonly mostBytes: number,
    private readonly commit: CommitGroup,
  ) {}

  /** The changes must have been checked. */
  add (changes: readonly StateChange[], above: number): Promise<StateCommit> {
    const bytes = BATCH_BYTES + stateBatchBytes(changes)
    const isFull = this.#waiting.length >= MOST_BATCHES || (this.#waiting.length > 0 && this.#bytes + bytes > this.mostBytes)
    if (isFull) return Promise.reject(StateBusy({ waiting: this.#waiting.length }))
    return new Promise((resolve, reject) => {
      this.#bytes += bytes
      const timer = this.clock.after(this.timeout, () => { this.#giveUp(batch) })
      const batch: Waiting = { changes: [...changes], above, bytes, timer, done: resolve, refuse: reject }
      this.#waiting.push(batch)
      this.#pump()
    })
  }

  /** One that is being written is past recall: the thread's own time-out tells of it. */
  #giveUp (batch: Waiting): void {
    const at = this.#waiting.indexOf(batch)
    if (at === -1) return
    this.#waiting.splice(at, 1)
    this.#bytes -= batch.bytes
    batch.refuse(StateTimeout({ milliseconds: this.timeout }))
  }

  #pump (): void {
    if (this.#isWriting || this.#waiting.length === 0) return
    this.#isWriting = true
    const group = this.#waiting.slice(0, GROUP_BATCHES)
    this.#waiting = this.#waiting.slice(GROUP_BATCHES)
    for (const { bytes, timer } of group) {
      timer.cancel()
      this.#bytes -= bytes
    }
    this.commit(group.map(({ changes, above }) => ({ changes, above }))).then(
      outcomes => { group.forEach((batch, i) => { settle(batch, outcomes[i]) }) },
      (error: Error) => { for (const { refuse } of group) refuse(error) },
    ).finally(() => {
      this.#isWriting = false
      this.#pump()
    })
  }
}

function settle ({ done, refuse }: Waiting, outcome: BatchOutcome | undefined): void {
  if (outcome && 'commit' in outcome) done(outcome.commit)
  else refuse(fromWire(outcome?.failure ?? { code: 'STATE_UNAVAILABLE', details: { reason: 'its thread gave no answer' }, fatal: false }))
}
