import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads'
import type { WakeWord } from '../../routing/wake-word.js'
import { AgentsStopping } from './agent-errors.js'
import type { AgentBirth, BirthResult, Control, ShardBirth, ShardEvent } from './shard-control.js'
import { SHARD_WORD, type ShardCounters } from './shard-memory.js'

/** Stack of a shard's thread, in MiB: deep enough for agents, and what their recursion is bounded by. */
const STACK = 4

/** Young generation of a shard's heap, in MiB: its hot path makes no garbage. */
const YOUNG = 6

/** What a shard says without being asked. None of these may block. */
export interface ShardEvents {
  event (event: ShardEvent): void
  /** The thread is gone though nobody told it to end. */
  lost (error: Error): void
}

/** An agent to create, with the artefact of its module in case the shard does not have it yet. */
export interface ShardCandidate {
  readonly birth: AgentBirth
  readonly artefact: unknown
}

interface Ask {
  readonly resolve: (event: ShardEvent) => void
  readonly reject: (error: Error) => void
}

/** Main's end of one shard: its thread, orders to it, and what it answers. */
export class ShardLink {
  readonly #asks = new Map<number, Ask>()
  /** How many agents of the shard run each module that it has. */
  readonly #moduleUsers = new Map<string, number>()
  #counter = 0
  #worker: Worker | undefined
  #control: MessagePort | undefined
  #ready: (() => void) | undefined
  #ending = false

  constructor (
    private readonly birth: () => ShardBirth,
    private readonly counters: ShardCounters,
    private readonly wake: WakeWord,
    private readonly events: ShardEvents,
  ) {}

  /** Starts the thread; resolves when it takes orders. Also used to start it anew after it was lost. */
  async start (): Promise<void> {
    const { port1, port2 } = new MessageChannel()
    const birth = this.birth()
    Atomics.store(this.counters.words, SHARD_WORD.running, 0)
    Atomics.store(this.counters.words, SHARD_WORD.controls, 0)
    const worker = new Worker(new URL('./shard-worker.js', import.meta.url), {
      workerData: { birth, control: port2 }, transferList: [port2], name: `caxton-shard-${birth.place}`,
      resourceLimits: { stackSizeMb: STACK, maxYoungGenerationSizeMb: YOUNG },
    })
    this.#worker = worker
    this.#control = port1
    this.#ending = false
    this.#moduleUsers.clear()
    port1.on('message', (event: ShardEvent) => this.#receive(event))
    worker.on('error', error => this.#gone(worker, error))
    worker.on('exit', () => this.#gone(worker, new Error('the thread ended')))
    await new Promise<void>((resolve, reject) => {
      this.#ready = resolve
      worker.once('error', reject)
    })
  }

  create (births: readonly ShardCandidate[]): Promise<readonly BirthResult[]> {
    const modules = new Map<string, unknown>()
    for (const { birth: { module }, artefact } of births) {
      if (!this.#moduleUsers.has(module)) modules.set(module, artefact)
      this.#moduleUsers.set(module, (this.#moduleUsers.get(module) ?? 0) + 1)
    }
    const agents = births.map(({ birth }) => birth)
    return this.#ask(ask => ({ kind: 'create', ask, modules: [...modules], agents })).then(resultsOf)
  }

  restart (slot: number): Promise<readonly BirthResult[]> {
    return this.#ask(ask => ({ kind: 'restart', ask, slot })).then(resultsOf)
  }

  /** Resolves when the agent handled what was queued (or, with `now`, gave it back) and ended. */
  async stopAgent (slot: number, module: string, now: boolean): Promise<{ readonly state: Uint8Array | undefined, readonly failure?: string }> {
    const event = await this.#ask(ask => ({ kind: 'stop', ask, slot, now }))
    this.#releaseModule(module)
    return event.kind === 'stopped' ? event : { state: undefined, failure: 'the shard gave another answer' }
  }

  tell (control: Control): void {
    this.#control?.postMessage(control)
    Atomics.add(this.counters.words, SHARD_WORD.controls, 1)
    this.wake.signal()
  }

  /** Ends the thread: with its consent, or after `patience` milliseconds without. */
  async end (patience: number): Promise<void> {
    const worker = this.#worker
    if (worker === undefined) return
    this.#ending = true
    const exited = new Promise<void>(resolve => worker.once('exit', () => resolve()))
    this.tell({ kind: 'end' })
    const timer = setTimeout(() => void worker.terminate(), patience)
    await exited
    clearTimeout(timer)
    this.#control?.close()
  }

  /** Kills the thread, which is then reported as lost. */
  kill (): void {
    void this.#worker?.terminate()
  }

  #releaseModule (module: string): void {
    const users = (this.#moduleUsers.get(module) ?? 0) - 1
    if (users > 0) this.#moduleUsers.set(module, users)
    else if (this.#moduleUsers.delete(module)) this.tell({ kind: 'forget-module', module })
  }

  #ask (make: (ask: number) => Control): Promise<ShardEvent> {
    if (this.#worker === undefined || this.#ending) return Promise.reject(AgentsStopping({ what: 'the shard' }))
    return new Promise((resolve, reject) => {
      this.#counter += 1
      this.#asks.set(this.#counter, { resolve, reject })
      this.tell(make(this.#counter))
    })
  }

  #receive (event: ShardEvent): void {
    if (event.kind === 'ready') {
      this.#ready?.()
      return
    }
    if (event.kind !== 'created' && event.kind !== 'stopped') {
      this.events.event(event)
      return
    }
    this.#asks.get(event.ask)?.resolve(event)
    this.#asks.delete(event.ask)
  }

  #gone (worker: Worker, error: Error): void {
    if (worker !== this.#worker) return
    this.#worker = undefined
    this.#control?.close()
    for (const ask of this.#asks.values()) ask.reject(AgentsStopping({ what: 'the shard' }, { cause: error }))
    this.#asks.clear()
    if (!this.#ending) this.events.lost(error)
  }
}

function resultsOf (event: ShardEvent): readonly BirthResult[] {
  return event.kind === 'created' ? event.results : []
}
