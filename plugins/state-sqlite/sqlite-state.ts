import { join } from 'node:path'
import {
  checkStateChanges, checkStateKeys, checkStatePage, checkStatePrefix, ClockToken, inject, injectable, NodeToken, PluginConfig,
  PluginContextToken, type Clock, type Health, type NodeFacts, type PluginContext, type PluginLife, type StateBackend, type StateChange,
  type StateCommit, type StatePage, type StateStats, type StateValue,
} from '../../kernel/contract/index.js'
import { BatchGroupQueue } from './batch-group-queue.js'
import type { SqliteStateConfig } from './sqlite-state-config.js'
import { StateThread } from './state-thread.js'

/** A disk that takes longer than this to answer is worth an operator's look. */
const SLOW_MS = 5000

/** Business state in one SQLite file, which a worker thread has open. */
@injectable()
export class SqliteState implements StateBackend, PluginLife {
  readonly #thread: StateThread
  readonly #queue: BatchGroupQueue

  constructor (
    @inject(NodeToken) private readonly node: NodeFacts,
    @inject(ClockToken) clock: Clock,
    @inject(PluginConfig) private readonly config: SqliteStateConfig,
    @inject(PluginContextToken) private readonly context: PluginContext,
  ) {
    this.#thread = new StateThread(clock, config.timeout, error => { context.fail(error) })
    this.#queue = new BatchGroupQueue(clock, config.timeout, config.queue, batches => this.#thread.call('commit', batches))
  }

  async start (signal: AbortSignal): Promise<void> {
    const file = this.config.file ?? join(this.node.dataDirectory, 'state.db')
    await this.#thread.open({ file, synchronous: this.config.synchronous, maxBytes: this.config.max_size }, signal)
    this.context.log.info('state opened', { file })
  }

  async stop (): Promise<void> {
    await this.#thread.close()
  }

  health (): Health {
    const { lost, waitingFor } = this.#thread
    if (lost) return { state: 'failed', detail: lost.message }
    if (waitingFor < SLOW_MS) return { state: 'ready' }
    return { state: 'degraded', detail: `the disk has not answered for ${Math.floor(waitingFor / 1000)} seconds` }
  }

  async get (key: string): Promise<StateValue | undefined> {
    return (await this.getMany([key]))[0]
  }

  async getMany (keys: readonly string[]): Promise<ReadonlyArray<StateValue | undefined>> {
    checkStateKeys(keys)
    return await this.#thread.call('getMany', keys)
  }

  async list (prefix: string, after: string | undefined, limit: number): Promise<StatePage> {
    checkStatePage(prefix, after, limit)
    return await this.#thread.call('list', { prefix, after, limit })
  }

  async count (prefix: string): Promise<number> {
    checkStatePrefix(prefix)
    return await this.#thread.call('count', prefix)
  }

  async commit (changes: readonly StateChange[], above = 0): Promise<StateCommit> {
    checkStateChanges(changes)
    const { lost } = this.#thread
    if (lost) throw lost
    return await this.#queue.add(changes, above)
  }

  async stats (): Promise<StateStats> {
    return await this.#thread.call('stats', undefined)
  }
}
