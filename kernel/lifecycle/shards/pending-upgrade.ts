import type { Guest } from '../../contract/index.js'
import type { TimerEntry } from '../../routing/timer-heap.js'

/** A new version of an agent on its way into the place of the old one. `A`: an agent in its shard. */
export interface PendingUpgrade<A> {
  /** The number of the request to answer. */
  readonly ask: number
  readonly next: A
  readonly takesState: boolean
  /** Messages that the old version still handles first, and until when at the latest, in monotonic milliseconds. */
  left: number
  readonly until: number
  /** From when the new version has the state until it is settled. */
  held: HeldVersions | undefined
}

/** Both versions while neither has a turn. */
export interface HeldVersions {
  /** The old version's guest; undefined when it had misbehaved before. */
  readonly before: Guest | undefined
  /** Timers of either that were due meanwhile. */
  readonly late: TimerEntry[]
}
