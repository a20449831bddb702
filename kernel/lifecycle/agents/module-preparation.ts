import { Worker } from 'node:worker_threads'
import { CaxtonError, type AgentEngine, type Clock, type ErrorKind, type GuestLimits, type HostCall, type PreparedModule, type Timer } from '../../contract/index.js'
import { DeployBusy, DeployTimeout, AgentsStopping } from './agent-errors.js'
import type { DeployWorkerBirth, PrepareAnswer, PrepareRequest } from './deploy-worker.js'

/** Most modules that wait for the deploy worker. */
const WAITING = 1_024
/** Old space of the deploy worker, in MiB: enough for any module within the limits. */
const WORKER_HEAP = 512
/** Young generation of its heap, in MiB. */
const WORKER_YOUNG = 12
/** How long an idle worker is kept, in milliseconds: its heap is of use only while modules come. */
const IDLE = 10_000

interface Job {
  readonly request: PrepareRequest
  readonly resolve: (prepared: PreparedModule) => void
  readonly reject: (error: Error) => void
}

/**
 * Has uploads checked and compiled in a worker of their own, one after the other, each within a deadline. A module that takes
 * longer, or brings the worker down, is refused and the worker replaced: the server and its agents notice nothing.
 */
export class ModulePreparation {
  readonly #jobs: Job[] = []
  #worker: Worker | undefined
  #timer: Timer | undefined
  #asks = 0
  #stopped = false

  /** @param deadline Milliseconds for one module. */
  constructor (private readonly engine: AgentEngine, private readonly clock: Clock, private readonly deadline: number) {}

  prepare (bytes: Uint8Array, granted: readonly HostCall[], limits: GuestLimits): Promise<PreparedModule> {
    if (this.#stopped) return Promise.reject(AgentsStopping({ what: 'the server' }))
    if (this.#jobs.length >= WAITING) return Promise.reject(DeployBusy({ waiting: this.#jobs.length }))
    return new Promise((resolve, reject) => {
      this.#asks += 1
      this.#jobs.push({ request: { ask: this.#asks, bytes, granted, limits }, resolve, reject })
      if (this.#jobs.length === 1) this.#begin()
    })
  }

  async stop (): Promise<void> {
    this.#stopped = true
    for (const job of this.#jobs.splice(0)) job.reject(AgentsStopping({ what: 'the server' }))
    this.#timer?.cancel()
    await this.#worker?.terminate()
  }

  #begin (): void {
    const job = this.#jobs[0]
    if (job === undefined) {
      this.#timer = this.clock.after(IDLE, () => this.#endWorker())
      return
    }
    this.#timer?.cancel()
    this.#worker ??= this.#spawn()
    this.#timer = this.clock.after(this.deadline, () => this.#giveUp(DeployTimeout({ milliseconds: this.deadline })))
    this.#worker.postMessage(job.request)
  }

  #spawn (): Worker {
    const workerData: DeployWorkerBirth = { preparerModule: this.engine.preparerModule, settings: this.engine.settings }
    const worker = new Worker(new URL('./deploy-worker.js', import.meta.url), {
      workerData, resourceLimits: { maxOldGenerationSizeMb: WORKER_HEAP, maxYoungGenerationSizeMb: WORKER_YOUNG }, name: 'caxton-deploy',
    })
    worker.on('message', (answer: PrepareAnswer) => this.#finish(answer))
    worker.on('error', error => {
      if (worker === this.#worker) this.#giveUp(DeployTimeout({ milliseconds: this.deadline }, { cause: error }))
    })
    return worker
  }

  #endWorker (): void {
    void this.#worker?.terminate()
    this.#worker = undefined
  }

  #finish (answer: PrepareAnswer): void {
    const job = this.#jobs[0]
    if (job?.request.ask !== answer.ask) return
    this.#timer?.cancel()
    this.#jobs.shift()
    if ('prepared' in answer) job.resolve(answer.prepared)
    else job.reject(restored(answer.error))
    this.#begin()
  }

  #giveUp (error: Error): void {
    this.#timer?.cancel()
    this.#endWorker()
    this.#jobs.shift()?.reject(error)
    if (!this.#stopped) this.#begin()
  }
}

const restored = (error: Extract<PrepareAnswer, { error: object }>['error']): CaxtonError =>
  new CaxtonError(error.code, error.kind as ErrorKind, error.message, error.details, error.remedy)
