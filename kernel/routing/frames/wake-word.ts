/** Memory for {@link WakeWord}: two signal counters and what the owner does, on cache lines of their own. */
export const wakeBuffer = (): SharedArrayBuffer => new SharedArrayBuffer(192)

const SIGNAL = 0
const STATE = 16
const NAP_SIGNAL = 32

const AWAKE = 0
const SLEEPS = 1
const NAPS = 2

/** How one thread sleeps until another has work for it, without a lost wake-up: announce, look once more, sleep. */
export class WakeWord {
  readonly #words: Int32Array

  constructor (buffer: SharedArrayBuffer) {
    this.#words = new Int32Array(buffer)
  }

  /**
   * Wakes the owner if it sleeps. Called by any thread after it has published work. Only the first of those who find it asleep wakes it:
   * it takes a while to get up, and each call to the system costs more than a message.
   */
  signal (): void {
    if (Atomics.load(this.#words, STATE) === AWAKE) return
    const before = Atomics.exchange(this.#words, STATE, AWAKE)
    if (before === AWAKE) return
    const signal = before === NAPS ? NAP_SIGNAL : SIGNAL
    Atomics.add(this.#words, signal, 1)
    Atomics.notify(this.#words, signal)
  }

  /**
   * Blocks the owner's thread until signalled, or for `milliseconds`. `hasWork` is asked once more after the
   * announcement.
   */
  sleep (milliseconds: number, hasWork: () => boolean): void {
    this.#block(SIGNAL, SLEEPS, milliseconds, hasWork)
  }

  /** The same for a thread with an event loop: resolves when signalled. */
  async wait (hasWork: () => boolean): Promise<void> {
    const seen = this.#announce(SIGNAL, SLEEPS)
    if (!hasWork()) await Atomics.waitAsync(this.#words, SIGNAL, seen).value
    Atomics.store(this.#words, STATE, AWAKE)
  }

  /**
   * In the middle of a {@link wait}, which it does not end: blocks as {@link sleep} does, which is quicker to end than a wait. Afterwards
   * nobody wakes the owner until it waits on.
   */
  nap (milliseconds: number, hasWork: () => boolean): void {
    this.#block(NAP_SIGNAL, NAPS, milliseconds, hasWork)
  }

  /** Goes on with the {@link wait}. What came since the nap woke nobody: look once more afterwards. */
  waitOn (): void {
    Atomics.store(this.#words, STATE, SLEEPS)
  }

  #block (signal: number, state: number, milliseconds: number, hasWork: () => boolean): void {
    const seen = this.#announce(signal, state)
    if (!hasWork()) Atomics.wait(this.#words, signal, seen, milliseconds)
    Atomics.store(this.#words, STATE, AWAKE)
  }

  #announce (signal: number, state: number): number {
    const seen = Atomics.load(this.#words, signal)
    Atomics.store(this.#words, STATE, state)
    return seen
  }
}
