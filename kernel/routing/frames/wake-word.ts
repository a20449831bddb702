/** Memory for {@link WakeWord}: one signal counter and one sleeping flag, on cache lines of their own. */
export const wakeBuffer = (): SharedArrayBuffer => new SharedArrayBuffer(128)

const SIGNAL = 0
const SLEEPING = 16

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
    if (Atomics.load(this.#words, SLEEPING) === 0 || Atomics.exchange(this.#words, SLEEPING, 0) === 0) return
    Atomics.add(this.#words, SIGNAL, 1)
    Atomics.notify(this.#words, SIGNAL)
  }

  /**
   * Blocks the owner's thread until signalled, or for `milliseconds`. `hasWork` is asked once more after the
   * announcement.
   */
  sleep (milliseconds: number, hasWork: () => boolean): void {
    const seen = this.#announce()
    if (!hasWork()) Atomics.wait(this.#words, SIGNAL, seen, milliseconds)
    Atomics.store(this.#words, SLEEPING, 0)
  }

  /** The same for a thread with an event loop: resolves when signalled. */
  async wait (hasWork: () => boolean): Promise<void> {
    const seen = this.#announce()
    if (!hasWork()) await Atomics.waitAsync(this.#words, SIGNAL, seen).value
    Atomics.store(this.#words, SLEEPING, 0)
  }

  /** Whoever has work for an owner that waits need not wake it for now: it looks by itself until it waits on. */
  stayAwake (): void {
    Atomics.store(this.#words, SLEEPING, 0)
  }

  /** Ends {@link stayAwake}, in the middle of a {@link wait}. What came meanwhile woke nobody: look once more afterwards. */
  waitOn (): void {
    Atomics.store(this.#words, SLEEPING, 1)
  }

  #announce (): number {
    const seen = Atomics.load(this.#words, SIGNAL)
    Atomics.store(this.#words, SLEEPING, 1)
    return seen
  }
}
