import { join } from 'node:path'
import {
  ClockToken, inject, injectable, MetricsToken, NodeToken, PluginConfig, PluginContextToken, StoreFull,
  type CaxtonError, type Clock, type Health, type Metrics, type NodeFacts, type PluginContext, type PluginLife, type Scoped,
  type Store,
} from '../../kernel/contract/index.js'
import type { BatchGroup } from './batch-group.js'
import { CommitQueue } from './commit-queue.js'
import { DatabaseConnection } from './database-connection.js'
import { MigrationRunner } from './migration-runner.js'
import { SqliteScope } from './sqlite-scope.js'
import type { SqliteStoreConfig } from './sqlite-store-config.js'
import { StoreMeter } from './store-meter.js'

/** A disk that takes longer than this to answer is worth an operator's look. */
const SLOW_MS = 5000

/** The store over one SQLite file, which a worker thread has open. */
@injectable()
export class SqliteStore implements Scoped<Store>, PluginLife {
  readonly #connection: DatabaseConnection
  readonly #queue: CommitQueue
  readonly #migrations: MigrationRunner
  #meter: StoreMeter | undefined
  #lost: CaxtonError | undefined
  #full: CaxtonError | undefined

  constructor (
    @inject(NodeToken) private readonly node: NodeFacts,
    @inject(ClockToken) private readonly clock: Clock,
    @inject(MetricsToken) private readonly metrics: Metrics,
    @inject(PluginConfig) private readonly config: SqliteStoreConfig,
    @inject(PluginContextToken) private readonly context: PluginContext,
  ) {
    this.#connection = new DatabaseConnection(clock, error => { this.#lose(error) })
    const options = { interval: config.commit_interval, bytes: config.queue }
    this.#queue = new CommitQueue(clock, options, group => this.#write(group))
    this.#migrations = new MigrationRunner(this.#connection, clock)
  }

  scopeFor (instance: string): Store {
    return new SqliteScope(instance, this.#connection, this.#queue, this.#migrations)
  }

  async start (signal: AbortSignal): Promise<void> {
    const file = this.config.file ?? join(this.node.dataDirectory, 'caxton.db')
    await this.#connection.open({
      file,
      synchronous: this.config.synchronous,
      cacheBytes: this.config.cache,
      maxBytes: this.config.max_size,
      check: this.config.check_at_start,
    }, signal)
    this.#meter = new StoreMeter(this.metrics, this.clock)
    this.#meter.watch(() => this.#queue.waiting)
    this.context.log.info('store opened', { file })
  }

  async drain (): Promise<void> {
    await this.#queue.flush()
  }

  /** What was committed during the drain of others is written, then the file is closed. */
  async stop (): Promise<void> {
    await this.#connection.close(() => this.#queue.flush())
  }

  health (): Health {
    if (this.#lost) return { state: 'failed', detail: this.#lost.message }
    if (!this.#connection.isOpen) return { state: 'failed', detail: 'the store is not open' }
    if (this.#full) return { state: 'degraded', detail: `${this.#full.message}; what is written now is refused` }
    const seconds = Math.floor(this.#connection.waitingFor / 1000)
    if (seconds * 1000 < SLOW_MS) return { state: 'ready' }
    return { state: 'degraded', detail: `the disk has not answered for ${seconds} seconds` }
  }

  async #write (group: BatchGroup): Promise<ReadonlyArray<Error | undefined> | undefined> {
    const { group: argument, transfer } = group.seal()
    const measured = this.#meter?.begin(group.tickets.length)
    const failures = await this.#connection.call('commit', argument, transfer)
    measured?.()
    const errors = failures?.map(failure => failure && this.#connection.failure(failure))
    this.#noteRoom(errors?.find(StoreFull.is))
    return errors
  }

  /** Said once when the room ends, and once when there is some again. */
  #noteRoom (full: CaxtonError | undefined): void {
    if (full && !this.#full) this.context.log.error(full.message, { code: full.code, remedy: full.remedy })
    if (!full && this.#full) this.context.log.info('the store has room again')
    this.#full = full
  }

  #lose (error: CaxtonError): void {
    this.#lost = error
    this.context.fail(error)
  }
}
