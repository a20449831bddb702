import pg from 'pg'
import {
  checkStateChanges, checkStateKeys, checkStatePage, checkStatePrefix, ClockToken, inject, injectable, PluginConfig, PluginContextToken,
  prefixEnd, StateBusy, stateTls, StateTimeout, StateUnavailable, within, type CaxtonError, type Clock, type Health, type PluginContext,
  type PluginLife, type StateBackend, type StateChange, type StateCommit, type StatePage, type StateStats, type StateTls, type StateValue,
  type Timer,
} from '../../kernel/contract/index.js'
import { postgresFailure } from './postgres-failure.js'
import type { PostgresStateConfig } from './postgres-state-config.js'
import { PostgresTable } from './postgres-table.js'

/** While the database is out of reach it is looked for so often, in milliseconds. */
const LOOK_AGAIN_MS = 5000
const IDLE_MS = 60_000

/** Business state in a table of PostgreSQL. Connections are made as they are needed, and anew when they broke. */
@injectable()
export class PostgresState implements StateBackend, PluginLife {
  readonly #table: PostgresTable
  readonly #place: string
  #pool: pg.Pool | undefined
  #lost: CaxtonError = StateUnavailable({ reason: 'it has not started' })
  /** What the last call failed of, when it was the database's fault. */
  #trouble: CaxtonError | undefined
  #look: Timer | undefined
  #hasStopped = false
  /** Under way or waiting for a connection. */
  #calls = 0

  constructor (
    @inject(ClockToken) private readonly clock: Clock,
    @inject(PluginConfig) private readonly config: PostgresStateConfig,
    @inject(PluginContextToken) private readonly context: PluginContext,
  ) {
    this.#table = new PostgresTable(config.table)
    this.#place = `${config.host}:${config.port}`
  }

  /** Fails when the database is out of reach, or can't be used. */
  async start (): Promise<void> {
    const tls = await stateTls(this.config)
    // Stopped meanwhile: a pool that is made now would be ended by nobody.
    if (this.#hasStopped) throw this.#lost
    const pool = new pg.Pool(this.#poolConfig(tls))
    // A connection that breaks while nobody uses it: the pool has dropped it, and the next call gets another.
    pool.on('error', error => { this.#note(postgresFailure(error, this.#terms)) })
    this.#pool = pool
    await this.#run(client => this.#table.prepare(client, this.#place))
    this.context.log.info('state opened', { database: this.config.database, at: this.#place })
  }

  async stop (): Promise<void> {
    this.#hasStopped = true
    this.#look?.cancel()
    const pool = this.#pool
    this.#pool = undefined
    this.#lost = StateUnavailable({ reason: 'it has stopped' })
    await pool?.end()
  }

  health (): Health {
    if (!this.#pool) return { state: 'failed', detail: this.#lost.message }
    return this.#trouble ? { state: 'degraded', detail: this.#trouble.message } : { state: 'ready' }
  }

  async get (key: string): Promise<StateValue | undefined> {
    return (await this.getMany([key]))[0]
  }

  async getMany (keys: readonly string[]): Promise<ReadonlyArray<StateValue | undefined>> {
    checkStateKeys(keys)
    return await this.#run(client => this.#table.getMany(client, keys))
  }

  async list (prefix: string, after: string | undefined, limit: number): Promise<StatePage> {
    checkStatePage(prefix, after, limit)
    const keys = await this.#run(client => this.#table.keys(client, prefix, prefixEnd(prefix), after ?? '', limit + 1))
    return { keys: keys.slice(0, limit), more: keys.length > limit }
  }

  async count (prefix: string): Promise<number> {
    checkStatePrefix(prefix)
    return await this.#run(client => this.#table.count(client, prefix, prefixEnd(prefix)))
  }

  async commit (changes: readonly StateChange[], above = 0): Promise<StateCommit> {
    checkStateChanges(changes)
    const copy = [...changes]
    return await this.#run(client => this.#table.commit(client, copy, above))
  }

  async stats (): Promise<StateStats> {
    return await this.#run(async client => ({
      keys: await this.#table.count(client, '', undefined), version: await this.#table.version(client),
    }))
  }

  /** A connection of the pool does the work, and goes back only when it is clean. */
  async #run<T> (work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const pool = this.#pool
    if (!pool) throw this.#lost
    const { connections, queue } = this.config
    if (this.#calls >= connections + queue) throw StateBusy({ waiting: this.#calls - connections })
    this.#calls++
    let isLate = false
    const done = (async () => {
      const client = await pool.connect()
      // Nobody waits any more: what had not begun is not done.
      if (isLate) {
        client.release()
        throw StateTimeout({ milliseconds: this.config.timeout })
      }
      return await this.#with(client, work)
    })()
    done.catch(() => {}).finally(() => { this.#calls-- })
    try {
      const result = await within(this.clock, this.config.timeout, undefined, async signal => {
        signal.addEventListener('abort', () => { isLate = true })
        return await done
      })
      this.#recover()
      return result
    } catch (error) {
      const failure = isLate ? StateTimeout({ milliseconds: this.config.timeout }, { cause: error }) : postgresFailure(error, this.#terms)
      if (failure.kind === 'unavailable' || failure.kind === 'timeout' || failure.kind === 'configuration') this.#note(failure)
      throw failure
    }
  }

  async #with<T> (client: pg.PoolClient, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    // The pool listens to connections in its keeping only; without a listener a broken one would end the process.
    const broken = (error: Error): void => { this.#note(postgresFailure(error, this.#terms)) }
    client.on('error', broken)
    let end: Error | undefined
    try {
      return await work(client)
    } catch (error) {
      await client.query('ROLLBACK').catch((reason: unknown) => { end = reason instanceof Error ? reason : new Error(String(reason)) })
      throw error
    } finally {
      client.off('error', broken)
      client.release(end)
    }
  }

  /** Said once when trouble begins, and looked at again until it is over. */
  #note (trouble: CaxtonError): void {
    if (!this.#trouble) this.context.log.warn(trouble.message, { code: trouble.code, remedy: trouble.remedy })
    this.#trouble = trouble
    if (!this.#pool) return
    this.#look ??= this.clock.after(LOOK_AGAIN_MS, () => {
      this.#look = undefined
      if (this.#pool) this.#run(client => client.query('SELECT 1')).catch(() => {})
    })
  }

  #recover (): void {
    if (!this.#trouble) return
    this.#trouble = undefined
    this.context.log.info('state is within reach again', { at: this.#place })
  }

  get #terms (): { readonly place: string, readonly timeout: number } {
    return { place: this.#place, timeout: this.config.timeout }
  }

  #poolConfig (tls: StateTls | undefined): pg.PoolConfig {
    const { host, port, database, user, password, connections, timeout } = this.config
    return {
      host, port, database, user, ...password === undefined ? {} : { password: password.reveal() }, ssl: tls ? { ...tls } : false,
      max: connections, idleTimeoutMillis: IDLE_MS, connectionTimeoutMillis: timeout, application_name: 'caxton',
      // The server gives up, too, and lets go of locks that a server of Caxton held that is gone.
      statement_timeout: timeout, lock_timeout: timeout, query_timeout: timeout, idle_in_transaction_session_timeout: 2 * timeout,
      keepAlive: true,
    }
  }
}
