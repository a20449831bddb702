import { Worker } from 'node:worker_threads'
import { StateBusy, StateTimeout, StateUnavailable, type CaxtonError, type Clock, type Timer } from '../../kernel/contract/index.js'
import type { StateAnswer, StateCallName, StateCalls } from './state-calls.js'
import { fromWire } from './state-failure.js'

/** Most calls that wait for the worker at once. */
const MOST_PENDING = 10_000
/** How long opening may take: SQLite waits for a lock for 2 s. */
const OPEN_DEADLINE_MS = 15_000
/** How long closing may take before the thread is ended by force; the file is safe either way. */
const CLOSE_DEADLINE_MS = 10_000

interface Pending {
  readonly since: number
  readonly timer: Timer
  readonly answer: (value: unknown) => void
  readonly refuse: (error: Error) => void
}

/** The main thread's end of the worker that has the database open. */
export class StateThread {
  readonly #pending = new Map<number, Pending>()
  #worker: Worker | undefined
  #exited: Promise<void> = Promise.resolve()
  #lost: CaxtonError | undefined = StateUnavailable({ reason: 'it has not started' })
  #nextId = 1

  /** `onLost` is called once when the worker ends, or its file fails, while it should run. */
  constructor (
    private readonly clock: Clock, private readonly timeout: number, private readonly onLost: (error: CaxtonError) => void,
  ) {}

  /** Why there is nobody to ask; undefined while there is. */
  get lost (): CaxtonError | undefined {
    return this.#lost
  }

  /** Milliseconds that the oldest unanswered call has waited. */
  get waitingFor (): number {
    const [oldest] = this.#pending.values()
    return oldest ? this.clock.elapsed() - oldest.since : 0
  }

  /** Starts the worker and lets it open the database. */
  async open (options: StateCalls['open']['takes'], signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    const worker = new Worker(new URL('./state-worker.js', import.meta.url), { name: 'state-sqlite' })
    this.#worker = worker
    this.#exited = new Promise(resolve => { worker.once('exit', () => { resolve() }) })
    worker.on('message', (answer: StateAnswer) => { this.#take(answer) })
    worker.once('error', cause => { this.#lose(StateUnavailable({ reason: `its thread failed: ${cause.message}` }, { cause })) })
    worker.once('exit', code => { this.#lose(StateUnavailable({ reason: `its thread ended with code ${code}` })) })
    const abort = (): void => { void worker.terminate() }
    signal.addEventListener('abort', abort, { once: true })
    try {
      await this.#send(worker, 'open', options, OPEN_DEADLINE_MS)
      this.#lost = undefined
    } catch (error) {
      signal.throwIfAborted()
      throw error
    } finally {
      signal.removeEventListener('abort', abort)
    }
  }

  /** Rejects with the declared error that the worker raised, or `STATE_UNAVAILABLE` when there is none to ask. */
  async call<K extends StateCallName> (call: K, argument: StateCalls[K]['takes']): Promise<StateCalls[K]['gives']> {
    if (this.#lost || !this.#worker) throw this.#lost ?? StateUnavailable({ reason: 'it has stopped' })
    if (this.#pending.size >= MOST_PENDING) throw StateBusy({ waiting: this.#pending.size })
    return await this.#send(this.#worker, call, argument, this.timeout)
  }

  /** Closes the database and ends the worker. Calling it again does nothing. */
  async close (): Promise<void> {
    const worker = this.#worker
    if (!worker) return
    this.#worker = undefined
    const wasOpen = this.#lost === undefined
    this.#lost = StateUnavailable({ reason: 'it has stopped' })
    const deadline = this.clock.after(CLOSE_DEADLINE_MS, () => { void worker.terminate() })
    if (wasOpen) worker.postMessage({ id: 0, call: 'close', argument: undefined })
    else void worker.terminate()
    await this.#exited
    deadline.cancel()
    this.#refuseAll(this.#lost)
  }

  #send<K extends StateCallName> (
    worker: Worker, call: K, argument: StateCalls[K]['takes'], milliseconds: number,
  ): Promise<StateCalls[K]['gives']> {
    return new Promise((resolve, reject) => {
      const id = this.#nextId++
      const timer = this.clock.after(milliseconds, () => { this.#settle(id)?.refuse(StateTimeout({ milliseconds })) })
      // The worker answers a call with what StateCalls says of it; the compiler checks that on its side.
      const answer = (value: unknown): void => { resolve(value as StateCalls[K]['gives']) }
      this.#pending.set(id, { since: this.clock.elapsed(), timer, answer, refuse: reject })
      worker.postMessage({ id, call, argument })
    })
  }

  #take (answer: StateAnswer): void {
    const pending = this.#settle(answer.id)
    if ('value' in answer) {
      pending?.answer(answer.value)
      return
    }
    const error = fromWire(answer.failure)
    pending?.refuse(error)
    if (answer.failure.fatal) this.#lose(error)
  }

  /** An answer that comes after its time-out finds nobody. */
  #settle (id: number): Pending | undefined {
    const pending = this.#pending.get(id)
    pending?.timer.cancel()
    this.#pending.delete(id)
    return pending
  }

  #lose (error: CaxtonError): void {
    const wasRunning = this.#lost === undefined
    if (wasRunning) this.#lost = StateUnavailable({ reason: error.message }, { cause: error })
    this.#refuseAll(this.#lost ?? error)
    if (wasRunning) this.onLost(error)
  }

  #refuseAll (error: Error): void {
    for (const id of this.#pending.keys()) this.#settle(id)?.refuse(error)
  }
}
