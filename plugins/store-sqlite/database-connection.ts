import { Worker } from 'node:worker_threads'
import { StoreBusy, StoreUnavailable, type CaxtonError, type Clock } from '../../kernel/contract/index.js'
import type { Answer, CallName, DatabaseCalls } from './database-calls.js'
import { fromWire } from './wire-failure.js'

/** Most calls that wait for the worker at once. */
const MOST_PENDING = 65_536
/** How long closing may take before the thread is ended by force; the file is safe either way. */
const CLOSE_DEADLINE_MS = 10_000
/** Young generation of the worker's heap, in MiB: its garbage is what a batch leaves. */
const YOUNG = 6

interface Pending {
  readonly since: number
  readonly answer: (value: unknown) => void
  readonly refuse: (error: Error) => void
}

/** The main thread's end of the worker that has the database open. */
export class DatabaseConnection {
  readonly #pending = new Map<number, Pending>()
  #worker: Worker | undefined
  #exited: Promise<void> = Promise.resolve()
  #lost: CaxtonError = StoreUnavailable({ reason: 'it has not started' })
  #isOpen = false
  #isRunning = false
  #nextId = 1

  /** `onLost` is called once when the worker ends, or its file fails, while it should run. */
  constructor (private readonly clock: Clock, private readonly onLost: (error: CaxtonError) => void) {}

  get isOpen (): boolean {
    return this.#isOpen
  }

  /** Why there is nobody to ask, while {@link isOpen} is false. */
  get lost (): CaxtonError {
    return this.#lost
  }

  /** Milliseconds that the oldest unanswered call has waited. */
  get waitingFor (): number {
    const [oldest] = this.#pending.values()
    return oldest ? this.clock.elapsed() - oldest.since : 0
  }

  /** Starts the worker and lets it open the database. */
  async open (options: DatabaseCalls['open']['takes'], signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    const worker = new Worker(new URL('./database-worker.js', import.meta.url), {
      name: 'store-sqlite', resourceLimits: { maxYoungGenerationSizeMb: YOUNG },
    })
    this.#worker = worker
    this.#exited = new Promise(resolve => { worker.once('exit', () => { resolve() }) })
    worker.on('message', (answer: Answer) => { this.#take(answer) })
    worker.once('error', cause => {
      this.#lose(StoreUnavailable({ reason: `its thread failed: ${cause.message}` }, { cause }))
    })
    worker.once('exit', code => { this.#lose(StoreUnavailable({ reason: `its thread ended with code ${code}` })) })
    this.#isOpen = true
    const abort = (): void => { void worker.terminate() }
    signal.addEventListener('abort', abort, { once: true })
    try {
      await this.call('open', options)
      this.#isRunning = true
    } catch (error) {
      this.#isOpen = false
      this.#lost = StoreUnavailable({ reason: 'it could not be opened' }, { cause: error })
      signal.throwIfAborted()
      throw error
    } finally {
      signal.removeEventListener('abort', abort)
    }
  }

  /** Rejects with the declared error that the worker raised, or `STORE_UNAVAILABLE` when there is none to ask. */
  call<K extends CallName> (
    call: K, argument: DatabaseCalls[K]['takes'], transfer: readonly ArrayBuffer[] = [],
  ): Promise<DatabaseCalls[K]['gives']> {
    return new Promise((resolve, reject) => {
      if (!this.#isOpen || !this.#worker) {
        reject(this.#lost)
        return
      }
      if (this.#pending.size >= MOST_PENDING) {
        reject(StoreBusy({ waiting: this.#pending.size, bytes: 0 }))
        return
      }
      const id = this.#nextId++
      // The worker answers a call with what DatabaseCalls says of it; the compiler checks that on its side.
      const answer = (value: unknown): void => { resolve(value as DatabaseCalls[K]['gives']) }
      this.#pending.set(id, { since: this.clock.elapsed(), answer, refuse: reject })
      this.#worker.postMessage({ id, call, argument }, [...transfer])
    })
  }

  /** Takes a failure out of an answer that succeeded as a whole. */
  failure (failure: Parameters<typeof fromWire>[0]): CaxtonError {
    const error = fromWire(failure)
    if (failure.fatal) this.#lose(error)
    return error
  }

  /** Waits for `flush`, closes the database and ends the worker. Calling it again does nothing. */
  async close (flush: () => Promise<void>): Promise<void> {
    const worker = this.#worker
    if (!worker) return
    const deadline = this.clock.after(CLOSE_DEADLINE_MS, () => { void worker.terminate() })
    if (this.#isOpen) await flush()
    this.#worker = undefined
    const wasOpen = this.#isOpen
    this.#isOpen = false
    this.#lost = StoreUnavailable({ reason: 'it has stopped' })
    if (wasOpen) worker.postMessage({ id: 0, call: 'close', argument: undefined })
    else void worker.terminate()
    await this.#exited
    deadline.cancel()
    this.#refuseAll(this.#lost)
  }

  #take (answer: Answer): void {
    const pending = this.#pending.get(answer.id)
    this.#pending.delete(answer.id)
    if ('value' in answer) pending?.answer(answer.value)
    else pending?.refuse(this.failure(answer.failure))
  }

  #lose (error: CaxtonError): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#lost = StoreUnavailable({ reason: error.message }, { cause: error })
    this.#refuseAll(this.#lost)
    if (this.#isRunning) this.onLost(error)
  }

  #refuseAll (error: Error): void {
    const pending = [...this.#pending.values()]
    this.#pending.clear()
    for (const { refuse } of pending) refuse(error)
  }
}
