import { MessageChannel, Worker, type MessagePort } from 'node:worker_threads'
import type { Clock } from '../../contract/index.js'
import type { ConversationOrder } from '../../routing/conversations/conversation-desk.js'
import type { ConversationPicture } from '../../routing/conversations/conversation-picture.js'
import type { WakeWord } from '../../routing/frames/wake-word.js'
import { AgentsStopping } from '../agents/agent-errors.js'
import { ModuleUsers, type ShardCandidate } from './module-users.js'
import { isAnswer, isReport, type BirthResult, type Control, type ShardBirth, type ShardEvent } from './shard-control.js'
import { SHARD_WORD, type ShardCounters } from './shard-memory.js'

/** Stack of a shard's thread, in MiB: deep enough for agents, and what their recursion is bounded by. */
const STACK = 4
/** Young generation of a shard's heap, in MiB: its hot path makes no garbage. */
const YOUNG = 6
/** How long a thread may take until it takes orders, and to go away when it was killed, in milliseconds. */
const START_PATIENCE = 30_000
const KILL_PATIENCE = 2_000

/** What a shard says without being asked. None of these may block. */
export interface ShardEvents {
  event (event: ShardEvent): void
  /** The thread is gone though nobody told it to end. Not called for a thread that never was ready. */
  lost (error: Error): void
}

/** How a new version took over. */
export type Upgraded = Pick<Extract<ShardEvent, { kind: 'upgraded' }>, 'state' | 'failure' | 'milliseconds'>

interface Ask {
  readonly resolve: (event: ShardEvent) => void
  readonly reject: (error: Error) => void
}

/** Main's end of one shard: its thread, orders to it, and what it answers. */
export class ShardLink {
  readonly #asks = new Map<number, Ask>()
  readonly #modules = new ModuleUsers()
  #counter = 0
  #worker: Worker | undefined
  #control: MessagePort | undefined
  #starting: { readonly resolve: () => void, readonly reject: (error: Error) => void } | undefined
  #ending = false
  #abandoned = false

  constructor (
    private readonly birth: () => ShardBirth,
    private readonly counters: ShardCounters,
    private readonly wake: WakeWord,
    private readonly clock: Clock,
    private readonly events: ShardEvents,
  ) {}

  /**
   * Starts the thread; resolves when it takes orders, rejects when it ended before or was not ready in time. Also used
   * to start it anew after it was lost.
   */
  async start (): Promise<void> {
    const { port1, port2 } = new MessageChannel()
    const birth = this.birth()
    Atomics.store(this.counters.words, SHARD_WORD.running, 0)
    Atomics.store(this.counters.words, SHARD_WORD.controls, 0)
    Atomics.store(this.counters.words, SHARD_WORD.reportsTaken, 0)
    Atomics.store(this.counters.words, SHARD_WORD.conversationReportsTaken, 0)
    const worker = new Worker(new URL('./shard-worker.js', import.meta.url), {
      workerData: { birth, control: port2 }, transferList: [port2], name: `caxton-shard-${birth.place}`,
      resourceLimits: { stackSizeMb: STACK, maxYoungGenerationSizeMb: YOUNG },
    })
    this.#worker = worker
    this.#control = port1
    this.#ending = false
    this.#abandoned = false
    this.#modules.clear()
    port1.on('message', (event: ShardEvent) => this.#receive(event))
    worker.on('error', error => this.#gone(worker, error))
    worker.on('exit', () => this.#gone(worker, new Error('the thread ended')))
    const timer = this.clock.after(START_PATIENCE, () => {
      this.#gone(worker, new Error(`the thread was not ready within ${START_PATIENCE} ms`))
      void worker.terminate()
    })
    try {
      await new Promise<void>((resolve, reject) => { this.#starting = { resolve, reject } })
    } finally {
      timer.cancel()
    }
  }

  create (candidates: readonly ShardCandidate[]): Promise<readonly BirthResult[]> {
    const modules = this.#modules.add(candidates)
    const agents = candidates.map(({ birth }) => birth)
    return this.#ask(ask => ({ kind: 'create', ask, modules, agents })).then(resultsOf)
  }

  /**
   * Resolves when the new version has the state and waits, as the old one does, for {@link settle}; or with the reason
   * why it can't take over.
   */
  async upgrade (candidate: ShardCandidate, takesState: boolean, drain: number): Promise<Upgraded> {
    const { birth } = candidate
    const modules = this.#modules.add([candidate])
    const event = await this.#ask(ask => ({ kind: 'upgrade', ask, agent: birth, takesState, drain, modules }))
    return event.kind === 'upgraded' ? event : { state: undefined, milliseconds: 0, failure: 'the shard gave another answer' }
  }

  /** In how many open conversations of this shard's agents somebody is. */
  async involved (handle: number): Promise<number> {
    const event = await this.#ask(ask => ({ kind: 'involved', ask, handle }))
    return event.kind === 'involved' ? event.conversations : 0
  }

  settle (slot: number, accept: boolean): void {
    this.tell({ kind: 'settle', slot, accept })
  }

  /** No result: the shard does not know the agent. */
  restart (slot: number): Promise<readonly BirthResult[]> {
    return this.#ask(ask => ({ kind: 'restart', ask, slot })).then(resultsOf)
  }

  /** Says that one agent less runs a module; the shard forgets it with the last one. */
  releaseModule (module: string): void {
    if (this.#modules.remove(module)) this.tell({ kind: 'forget-module', module })
  }

  /** Resolves when the agent handled what was queued (or, with `now`, gave it back) and ended. */
  async stopAgent (
    slot: number, now: boolean, keeps = false,
  ): Promise<{ readonly state: Uint8Array | undefined, readonly failure?: string }> {
    const event = await this.#ask(ask => ({ kind: 'stop', ask, slot, now, keeps }))
    return event.kind === 'stopped' ? event : { state: undefined, failure: 'the shard gave another answer' }
  }

  /** Gives an order about the shard's conversations. */
  async conversations (order: ConversationOrder): Promise<readonly ConversationPicture[]> {
    const event = await this.#ask(ask => ({ kind: 'conversations', ask, order }))
    return event.kind === 'conversations' ? event.pictures : []
  }

  /** An order that is not answered. Goes nowhere when the thread is gone. */
  tell (control: Control): void {
    this.inform(control)
    this.wake.signal()
  }

  /**
   * Tells what the thread must know before it does anything else, but need not be woken for: it obeys before it takes a message, and
   * sleeps for a second at most.
   */
  inform (control: Control): void {
    if (this.#control === undefined) return
    this.#control.postMessage(control)
    Atomics.add(this.counters.words, SHARD_WORD.controls, 1)
  }

  /**
   * Ends the thread: with its consent, or after `patience` milliseconds without. A thread that can't be killed is left
   * behind.
   */
  async end (patience: number): Promise<void> {
    const worker = this.#worker
    if (worker === undefined) return
    this.#ending = true
    const exited = new Promise<void>(resolve => worker.once('exit', () => resolve()))
    this.tell({ kind: 'end' })
    const killing = this.clock.after(patience, () => void worker.terminate())
    let givingUp = killing
    const givenUp = new Promise<void>(resolve => { givingUp = this.clock.after(patience + KILL_PATIENCE, resolve) })
    await Promise.race([exited, givenUp])
    killing.cancel()
    givingUp.cancel()
    this.#gone(worker, new Error('the thread was ended'))
  }

  /**
   * Kills the thread, which is then reported as lost. Resolves to false when it did not go away in time: it is out of
   * reach then, and whoever waits for an answer is told.
   */
  async kill (): Promise<boolean> {
    const worker = this.#worker
    if (worker === undefined) return true
    let patience: { cancel (): void } | undefined
    const late = new Promise<boolean>(resolve => { patience = this.clock.after(KILL_PATIENCE, () => resolve(false)) })
    const ended = await Promise.race([worker.terminate().then(() => true), late])
    patience?.cancel()
    if (ended || worker !== this.#worker) return true
    this.#abandoned = true
    this.#rejectAll(new Error('the thread does not end'))
    return false
  }

  #ask (make: (ask: number) => Control): Promise<ShardEvent> {
    if (this.#worker === undefined || this.#ending || this.#abandoned) return Promise.reject(AgentsStopping({ what: 'the shard' }))
    return new Promise((resolve, reject) => {
      this.#counter += 1
      const ask = this.#counter
      this.tell(make(ask))
      this.#asks.set(ask, { resolve, reject })
    })
  }

  #receive (event: ShardEvent): void {
    if (event.kind === 'ready') {
      this.#starting?.resolve()
      this.#starting = undefined
      return
    }
    if (event.kind === 'conversations-changed') Atomics.add(this.counters.words, SHARD_WORD.conversationReportsTaken, 1)
    if (isReport(event)) Atomics.add(this.counters.words, SHARD_WORD.reportsTaken, 1)
    if (!isAnswer(event)) {
      this.events.event(event)
      return
    }
    if (event.kind === 'created' && event.announced.length > 0) this.events.event({ kind: 'announced', announced: event.announced })
    this.#asks.get(event.ask)?.resolve(event)
    this.#asks.delete(event.ask)
  }

  #gone (worker: Worker, error: Error): void {
    if (worker !== this.#worker) return
    this.#worker = undefined
    this.#control?.close()
    this.#control = undefined
    this.#rejectAll(error)
    const starting = this.#starting
    this.#starting = undefined
    if (starting !== undefined) starting.reject(error)
    else if (!this.#ending) this.events.lost(error)
  }

  #rejectAll (cause: Error): void {
    for (const ask of this.#asks.values()) ask.reject(AgentsStopping({ what: 'the shard' }, { cause }))
    this.#asks.clear()
  }
}

function resultsOf (event: ShardEvent): readonly BirthResult[] {
  return event.kind === 'created' ? event.results : []
}
