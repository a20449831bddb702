import { latencyBuckets } from '../shards/shard-memory.js'
import type { AgentRecord } from './agent-record.js'
import { CanaryWindow, type CanaryFigures } from './canary-window.js'
import type { RolloutTerms } from './rollout-terms.js'

/** Two versions of one agent side by side. */
export class Rollout {
  readonly window: CanaryWindow
  /** The new version's latencies, counted in its shard. */
  readonly latencies = latencyBuckets()
  /** Only finishes its conversations; undefined while both are on trial. */
  retiring: AgentRecord | undefined
  /** Since when it does, in monotonic milliseconds, and for how many looks it has had nothing to do. */
  retiringSince = 0
  idleLooks = 0
  openConversations = 0
  /** The end of the roll-out, in words, for those who look later. */
  outcome = ''

  /**
   * @param module Of the new version; the store has it only from its promotion on.
   */
  constructor (
    readonly old: AgentRecord, readonly next: AgentRecord, readonly module: Uint8Array, readonly terms: RolloutTerms,
  ) {
    this.window = new CanaryWindow(terms.window)
  }

  get name (): string {
    return this.old.name
  }

  get figures (): CanaryFigures {
    return this.window.figures
  }

  /** The version that does not retire. */
  get staying (): AgentRecord {
    return this.retiring === this.old ? this.next : this.old
  }

  retire (record: AgentRecord, now: number): void {
    this.retiring = record
    this.retiringSince = now
    this.idleLooks = 0
  }
}
