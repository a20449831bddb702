import { token } from './token.js'

/** A timer that was set. Cancelling twice, or after it fired, does nothing. */
export interface Timer {
  cancel (): void
}

/** Time, as everything that waits sees it. Tests give one that they turn by hand. */
export interface Clock {
  /** Milliseconds since the Unix epoch; may jump when the machine's clock is set. */
  now (): number
  /** Milliseconds since some fixed point; never goes back. For measuring and for deadlines within this process. */
  elapsed (): number
  /**
   * Calls `action` once after `milliseconds`; 0: in the next turn of the event loop. A timer that has time to wait never
   * keeps the process alive.
   */
  after (milliseconds: number, action: () => void): Timer
}

/** Randomness, as everything that chooses by chance sees it. Tests give a seeded one. */
export interface Random {
  /** A number in [0, 1). Not for secrets. */
  fraction (): number
  /** Cryptographically strong bytes. */
  bytes (count: number): Uint8Array
}

export const ClockToken = token<Clock>('caxton/clock@1')
export const RandomToken = token<Random>('caxton/random@1')
