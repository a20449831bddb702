import type { Clock, Logger, Timer } from '../contract/index.js'
import { whenWorkIsDone } from '../contract/when-work-is-done.js'
import type { Post } from './post.js'
import type { RingReader } from './frames/ring.js'
import type { WakeWord } from './frames/wake-word.js'

/** Frames taken from each ring before other work of the main thread has its turn. */
const BATCH = 500
/** Frames that are taken at most to catch up with a thread: more than its ring holds. */
const MOST_CAUGHT_UP = 50_000
/** How often deadlines and changes of callers' conversations are looked at, in milliseconds. */
const EXPIRY_INTERVAL = 20

/**
 * Milliseconds for which this thread stands still for what another answers to a message, because being woken within an event loop takes
 * longer than most answers.
 */
const PAUSE = 0.2
/** So many answers must have come that fast before; one that does not come counts as much as several that do. */
const TRUST = 8
const DISAPPOINTMENT = 2

/** What the main loop asks of the thread's post. */
export type LoopPost = Pick<Post, 'arrive' | 'due' | 'expire'>

/**
 * Takes frames from the shards' rings to main, without ever blocking the event loop. Survives whatever a frame brings
 * about.
 */
export class MainLoop {
  #ended = false
  #running: Promise<void> | undefined
  #timer: Timer | undefined
  /** Whether it waits for a signal. */
  #waits = false
  /** Messages from elsewhere that threads were handed in this turn, and when that was. */
  #handed = 0
  #handedAt = -Infinity
  #prompt = 0

  constructor (
    /** From the threads 1, 2, 3 ... */
    private readonly readers: readonly RingReader[],
    private readonly post: LoopPost,
    private readonly wake: WakeWord,
    private readonly clock: Clock,
    private readonly log: Logger,
    /** Tells of what changed in the callers' conversations, when that is due. */
    private readonly report: () => void = () => {},
  ) {}

  start (): void {
    this.#running = this.#run()
    this.#expire()
  }

  /**
   * Takes in what a thread has sent so far. Called before something else that it said is acted on, where what it sent before must come
   * first. `place`: number of the thread.
   */
  catchUp (place: number): void {
    const reader = this.readers[place - 1]
    if (reader === undefined) return
    for (let taken = 0; taken < MOST_CAUGHT_UP && !reader.isEmpty; taken += BATCH) this.#drain(reader)
  }

  /**
   * A message from elsewhere was handed to a thread. Where such messages come one by one and are answered at once, the loop stands still
   * for the answer: what goes back and forth between nodes spares the awakening of this thread on each side. Blocks for
   * {@link PAUSE} at the most.
   */
  expectAnswer (): void {
    this.#handed += 1
    if (this.#handed === 1) whenWorkIsDone(this.#awaitAnswer)
  }

  async stop (): Promise<void> {
    this.#ended = true
    this.#timer?.cancel()
    this.wake.signal()
    await this.#running
  }

  async #run (): Promise<void> {
    while (!this.#ended) {
      for (const reader of this.readers) this.#drain(reader)
      if (this.#hasWork()) await new Promise<void>(resolve => setImmediate(resolve))
      else await this.#wait()
    }
  }

  async #wait (): Promise<void> {
    this.#waits = true
    await this.wake.wait(() => this.#ended || this.#hasWork())
    this.#waits = false
    this.#judge(this.clock.elapsed() - this.#handedAt < PAUSE)
  }

  #judge (isPrompt: boolean): void {
    this.#prompt = isPrompt ? Math.min(this.#prompt + 1, 2 * TRUST) : Math.max(this.#prompt - DISAPPOINTMENT, 0)
  }

  readonly #awaitAnswer = (): void => {
    const isAlone = this.#handed === 1
    this.#handed = 0
    this.#handedAt = isAlone ? this.clock.elapsed() : -Infinity
    if (isAlone && this.#waits && this.#prompt >= TRUST) this.#pause()
  }

  #pause (): void {
    this.wake.nap(PAUSE, this.#hasWorkNow)
    this.#judge(this.#hasWork())
    for (const reader of this.readers) this.#drain(reader)
    this.wake.waitOn()
    if (this.#hasWork()) this.wake.signal()
  }

  readonly #hasWorkNow = (): boolean => this.#hasWork()

  #hasWork (): boolean {
    return this.readers.some(reader => !reader.isEmpty)
  }

  #drain (reader: RingReader): void {
    for (let taken = 0; taken < BATCH; taken++) {
      const at = reader.peek()
      if (at < 0) return
      // Not by a closure: one for each message would be the most that this loop allocates.
      try {
        this.post.arrive(reader.bytes, reader.view, at, reader.length)
      } catch (error) {
        this.#failed('a message could not be taken in', error)
      }
      reader.release()
    }
  }

  #expire (): void {
    this.#survive('deadlines could not be looked at', () => {
      if (this.post.due <= this.clock.now()) this.post.expire()
    })
    this.#survive('changes of conversations could not be reported', this.report)
    if (!this.#ended) this.#timer = this.clock.after(EXPIRY_INTERVAL, () => this.#expire())
  }

  #survive (what: string, work: () => void): void {
    try {
      work()
    } catch (error) {
      this.#failed(what, error)
    }
  }

  #failed (what: string, error: unknown): void {
    this.log.error(what, { cause: String(error) })
  }
}
