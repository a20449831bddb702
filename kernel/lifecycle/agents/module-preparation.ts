import { Worker } from 'node:worker_threads'
import {
  CaxtonError, type AgentEngine, type Clock, type ErrorKind, type GuestLimits, type HostCall, type PreparedModule, type Timer,
} from '../../contract/index.js'
import { AgentsStopping, DeployBusy, DeployTimeout, ModuleBroughtDown } from './agent-errors.js'
import type { CarriedError, DeployWorkerBirth, PrepareAnswer, PrepareRequest } from './deploy-worker.js'

/** Most modules that wait for the deploy worker. */
const WAITING = 1_024
/** Old space of the deploy worker, in MiB: enough for any module within the limits. */
const WORKER_HEAP = 512
/** Young generation of its heap, in MiB. */
const WORKER_YOUNG = 12
/** How long an idle worker is kept, in milliseconds: its heap is of use only while modules come. */
const IDLE = 10_000
/** How long the worker may take to be ready, and to go away, in milliseconds. */
const START_PATIENCE = 30_000
const STOP_PATIENCE = 2_000

interface Job {
  readonly request: PrepareRequest
  readonly sound: (() => void) | undefined
  readonly resolve: (prepared: PreparedModule) => void
  readonly reject: (error: Error) => void
}

/**
 * Has uploads checked and compiled in a worker of their own, one after the other, each within a deadline. A module that
 * takes longer, or brings the worker down, is refused and the worker replaced: the server and its agents notice
 * nothing.
 */
export class ModulePreparation {
  readonly #jobs: Job[] = []
  #worker: Worker | undefined
  #isReady = false
  #timer: Timer | undefined
  #asks = 0
  #stopped = false

  /** @param deadline Milliseconds for one module, counted from when the worker is free for it. */
  constructor (private readonly engine: AgentEngine, private readonly clock: Clock, private readonly deadline: number) {}

  /** Starts the worker, so that the first upload need not wait for it. */
  start (): void {
    this.#stopped = false
    this.#worker ??= this.#spawn()
  }

  /** `sound` is called at most once, before the promise is settled: as the contract's `ModulePreparer` says. */
  prepare (bytes: Uint8Array, granted: readonly HostCall[], limits: GuestLimits, sound?: () => void): Promise<PreparedModule> {
    if (this.#stopped) return Promise.reject(AgentsStopping({ what: 'the server' }))
    if (this.#jobs.length >= WAITING) return Promise.reject(DeployBusy({ waiting: this.#jobs.length }))
    return new Promise((resolve, reject) => {
      this.#asks += 1
      this.#jobs.push({ request: { ask: this.#asks, bytes, granted, limits }, sound, resolve, reject })
      if (this.#jobs.length === 1) this.#begin()
    })
  }

  /** Refuses whatever waits and ends the worker; leaves one behind that does not end in time. */
  async stop (): Promise<void> {
    this.#stopped = true
    for (const job of this.#jobs.splice(0)) job.reject(AgentsStopping({ what: 'the server' }))
    this.#timer?.cancel()
    const worker = this.#worker
    this.#worker = undefined
    if (worker === undefined) return
    let patience: Timer | undefined
    const late = new Promise<void>(resolve => { patience = this.clock.after(STOP_PATIENCE, resolve) })
    await Promise.race([worker.terminate(), late])
    patience?.cancel()
  }

  #begin (): void {
    const [job] = this.#jobs
    if (job === undefined) {
      this.#rest()
      return
    }
    const worker = this.#worker ??= this.#spawn()
    this.#timer?.cancel()
    const limit = this.#isReady ? this.deadline : START_PATIENCE
    this.#timer = this.clock.after(limit, () => this.#giveUp(DeployTimeout({ milliseconds: limit })))
    if (this.#isReady) worker.postMessage(job.request)
  }

  #rest (): void {
    this.#timer?.cancel()
    this.#timer = this.clock.after(IDLE, () => {
      const worker = this.#worker
      this.#worker = undefined
      void worker?.terminate()
    })
  }

  #spawn (): Worker {
    const workerData: DeployWorkerBirth = { preparerModule: this.engine.preparerModule, settings: this.engine.settings }
    const worker = new Worker(new URL('./deploy-worker.js', import.meta.url), {
      workerData, resourceLimits: { maxOldGenerationSizeMb: WORKER_HEAP, maxYoungGenerationSizeMb: WORKER_YOUNG }, name: 'caxton-deploy',
    })
    this.#isReady = false
    worker.on('message', (answer: PrepareAnswer) => { if (worker === this.#worker) this.#heed(answer) })
    worker.on('error', error => this.#gone(worker, error))
    worker.on('exit', () => this.#gone(worker, new Error('the thread ended')))
    return worker
  }

  #heed (answer: PrepareAnswer): void {
    if ('ready' in answer) {
      this.#isReady = true
      this.#begin()
      return
    }
    const [job] = this.#jobs
    if (job?.request.ask !== answer.ask) return
    if ('sound' in answer) {
      job.sound?.()
      return
    }
    this.#timer?.cancel()
    this.#jobs.shift()
    if ('prepared' in answer) job.resolve(answer.prepared)
    else job.reject(restored(answer.error))
    this.#begin()
  }

  #gone (worker: Worker, cause: Error): void {
    if (worker === this.#worker) this.#giveUp(ModuleBroughtDown({ problem: cause.message }, { cause }))
  }

  /** Replaces the worker, and refuses the module that it had in hand. */
  #giveUp (error: Error): void {
    this.#timer?.cancel()
    const worker = this.#worker
    this.#worker = undefined
    void worker?.terminate()
    this.#jobs.shift()?.reject(error)
    if (!this.#stopped) this.#begin()
  }
}

const restored = ({ code, kind, message, details, remedy }: CarriedError): CaxtonError =>
  new CaxtonError(code, kind as ErrorKind, message, details, remedy)
