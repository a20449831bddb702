import type { Clock, Timer } from '../contract/index.js'
import type { Post } from './post.js'
import type { RingReader } from './ring.js'
import type { WakeWord } from './wake-word.js'

/** Frames taken before other work of the main thread has its turn. */
const BATCH = 1_000
/** How often deadlines of callers' conversations are looked at, in milliseconds. */
const EXPIRY_INTERVAL = 20

/** Takes frames from the shards' rings to main, without ever blocking the event loop. */
export class MainLoop {
  #ended = false
  #running: Promise<void> | undefined
  #timer: Timer | undefined

  constructor (
    private readonly readers: readonly RingReader[],
    private readonly post: Post,
    private readonly wake: WakeWord,
    private readonly clock: Clock,
    private readonly conversationIdle: number,
  ) {}

  start (): void {
    this.#running = this.#run()
    this.#expire()
  }

  async stop (): Promise<void> {
    this.#ended = true
    this.#timer?.cancel()
    this.wake.signal()
    await this.#running
  }

  async #run (): Promise<void> {
    let taken = 0
    while (!this.#ended) {
      taken = this.#drain(taken)
      // A wait that finds work ends at once, without giving the event loop its turn: what counts is the sum since that had one.
      if (taken < BATCH) await this.wake.wait(() => this.#ended || this.readers.some(reader => !reader.isEmpty))
      else {
        await new Promise<void>(resolve => setImmediate(resolve))
        taken = 0
      }
    }
  }

  /** Takes frames until {@link BATCH}, counting from `taken`. */
  #drain (taken: number): number {
    for (const reader of this.readers) {
      for (let at = reader.peek(); at >= 0 && taken < BATCH; at = reader.peek()) {
        this.post.arrive(reader.bytes, reader.view, at, reader.length)
        reader.release()
        taken += 1
      }
    }
    return taken
  }

  #expire (): void {
    if (this.post.due <= this.clock.now()) this.post.expire(this.conversationIdle)
    this.#timer = this.clock.after(EXPIRY_INTERVAL, () => this.#expire())
  }
}
