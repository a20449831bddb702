import { createClient, type RedisClientType } from '@redis/client'
import {
  checkStateChanges, checkStateKeys, checkStatePage, checkStatePrefix, ClockToken, compareKeys, inject, injectable, orAborted, PluginConfig,
  PluginContextToken, prefixEnd, RandomToken, StateBusy, StateConflict, stateTls, StateTimeout, StateUnavailable, within,
  type CaxtonError, type Clock, type Health, type PluginContext, type PluginLife, type Random, type StateBackend, type StateChange,
  type StateCommit, type StatePage, type StateStats, type StateTls, type StateValue,
} from '../../kernel/contract/index.js'
import { redisFailure } from './redis-failure.js'
import { COMMIT, GET_MANY } from './redis-scripts.js'
import type { RedisStateConfig } from './redis-state-config.js'

/** First and longest pause before a connection is made anew, in milliseconds. */
const FIRST_PAUSE_MS = 50
const LONGEST_PAUSE_MS = 3000

/** Business state in Redis. One connection, over which calls are pipelined; it is made anew when it breaks. */
@injectable()
export class RedisState implements StateBackend, PluginLife {
  readonly #place: string
  /** In one hash slot, so that a script may use all three. */
  readonly #keys: { readonly values: string, readonly order: string, readonly version: string }
  #client: RedisClientType | undefined
  #lost: CaxtonError = StateUnavailable({ reason: 'it has not started' })
  #trouble: CaxtonError | undefined
  #hint: string | undefined
  #waiting = 0

  constructor (
    @inject(ClockToken) private readonly clock: Clock,
    @inject(RandomToken) private readonly random: Random,
    @inject(PluginConfig) private readonly config: RedisStateConfig,
    @inject(PluginContextToken) private readonly context: PluginContext,
  ) {
    this.#place = `${config.host}:${config.port}`
    const name = `{${config.prefix}}`
    this.#keys = { values: `${name}:values`, order: `${name}:keys`, version: `${name}:version` }
  }

  /** Fails when the database is out of reach, or can't be used. */
  async start (signal: AbortSignal): Promise<void> {
    const client = this.#newClient(await stateTls(this.config))
    client.on('error', (error: Error) => { this.#note(redisFailure(error, this.#place)) })
    client.on('ready', () => { this.#recover() })
    try {
      await within(this.clock, this.config.timeout, signal, () => client.connect())
      this.#client = client
      await this.#look()
    } catch (error) {
      this.#client = undefined
      client.destroy()
      // Why it could not connect was told by an event; the promise may only have run out of time.
      throw this.#trouble ?? redisFailure(error, this.#place)
    }
    this.context.log.info('state opened', { database: this.config.database, at: this.#place })
  }

  async stop (): Promise<void> {
    const client = this.#client
    this.#client = undefined
    this.#lost = StateUnavailable({ reason: 'it has stopped' })
    client?.destroy()
  }

  health (): Health {
    if (!this.#client) return { state: 'failed', detail: this.#lost.message }
    const detail = this.#trouble?.message ?? this.#hint
    return detail === undefined ? { state: 'ready' } : { state: 'degraded', detail }
  }

  async get (key: string): Promise<StateValue | undefined> {
    return (await this.getMany([key]))[0]
  }

  async getMany (keys: readonly string[]): Promise<ReadonlyArray<StateValue | undefined>> {
    checkStateKeys(keys)
    if (keys.length === 0) return []
    return listOf(await this.#run(client => client.eval(GET_MANY, { keys: [this.#keys.values], arguments: [...keys] }))).map(readValue)
  }

  async list (prefix: string, after: string | undefined, limit: number): Promise<StatePage> {
    checkStatePage(prefix, after, limit)
    const isBehind = after !== undefined && compareKeys(after, prefix) >= 0
    const from = isBehind ? `(${after}` : prefix === '' ? '-' : `[${prefix}`
    const options = { LIMIT: { offset: 0, count: limit + 1 } }
    const keys = await this.#run(client => client.zRangeByLex(this.#keys.order, from, endOf(prefix), options))
    return { keys: keys.slice(0, limit), more: keys.length > limit }
  }

  async count (prefix: string): Promise<number> {
    checkStatePrefix(prefix)
    const from = prefix === '' ? '-' : `[${prefix}`
    return await this.#run(client => client.zLexCount(this.#keys.order, from, endOf(prefix)))
  }

  async commit (changes: readonly StateChange[], above = 0): Promise<StateCommit> {
    checkStateChanges(changes)
    const { values, order, version } = this.#keys
    const words = [String(above), ...changes.flatMap(change =>
      [change.key, String(change.expected ?? ''), 'json' in change ? 'put' : 'delete', 'json' in change ? change.json : ''])]
    const conflictOf = (at: number, found: number): CaxtonError => {
      const { key = '', expected = 0 } = changes[at] ?? {}
      return StateConflict({ key, expected, found })
    }
    const copy = { keys: [values, order, version], arguments: words }
    const [first = 0, ...rest] = listOf(await this.#run(client => client.eval(COMMIT, copy))).map(Number)
    if (first === 0) throw conflictOf(rest[0] ?? 0, rest[1] ?? 0)
    return { version: first, before: rest }
  }

  async stats (): Promise<StateStats> {
    return await this.#run(async client => {
      const [keys, version] = await Promise.all([client.zCard(this.#keys.order), client.get(this.#keys.version)])
      return { keys, version: Number(version ?? 0) }
    })
  }

  async #run<T> (work: (client: RedisClientType) => Promise<T>): Promise<T> {
    const client = this.#client
    if (!client) throw this.#lost
    if (this.#waiting >= this.config.queue) throw StateBusy({ waiting: this.#waiting })
    this.#waiting++
    let isLate = false
    try {
      return await within(this.clock, this.config.timeout, undefined, async signal => {
        signal.addEventListener('abort', () => { isLate = true })
        return await orAborted(work(client), signal)
      })
    } catch (error) {
      if (isLate) throw StateTimeout({ milliseconds: this.config.timeout }, { cause: error })
      throw this.#client ? redisFailure(error, this.#place) : this.#lost
    } finally {
      this.#waiting--
    }
  }

  /** Asks for what an operator must know: whether Redis may throw values away when it is full. */
  async #look (): Promise<void> {
    const memory = await this.#run(client => client.info('memory'))
    const policy = /^maxmemory_policy:(\S+)/m.exec(memory)?.[1] ?? 'noeviction'
    const isSafe = policy === 'noeviction' || policy.startsWith('volatile-')
    this.#hint = isSafe ? undefined : `Redis throws values away when it is full (maxmemory-policy ${policy}); set it to noeviction`
    if (this.#hint !== undefined) this.context.log.warn(this.#hint, { at: this.#place })
  }

  /** Said once when trouble begins; the client goes on trying. */
  #note (trouble: CaxtonError): void {
    if (!this.#trouble && this.#client) this.context.log.warn(trouble.message, { code: trouble.code, remedy: trouble.remedy })
    this.#trouble = trouble
  }

  #recover (): void {
    if (this.#trouble && this.#client) this.context.log.info('state is within reach again', { at: this.#place })
    this.#trouble = undefined
  }

  #newClient (tls: StateTls | undefined): RedisClientType {
    const { host, port, user, password, database, timeout } = this.config
    return createClient({
      socket: {
        host, port, connectTimeout: timeout, ...tls === undefined ? {} : { ...tls, tls: true },
        // Before the first connection there is nothing to come back to: the start fails.
        reconnectStrategy: (retries, cause) => this.#client ? this.#pause(retries) : cause,
      },
      ...user === undefined ? {} : { username: user }, ...password === undefined ? {} : { password: password.reveal() }, database,
      // While the connection is gone, calls fail at once instead of waiting.
      disableOfflineQueue: true,
      commandsQueueMaxLength: 4 * this.config.queue,
    })
  }

  #pause (retries: number): number {
    const pause = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(retries, 10))
    return pause * (0.5 + this.random.fraction() / 2)
  }
}

/** Behind every key of a prefix, in the words of ZRANGEBYLEX. */
function endOf (prefix: string): string {
  const end = prefixEnd(prefix)
  return end === undefined ? '+' : `(${end}`
}

const listOf = (answer: unknown): readonly unknown[] => Array.isArray(answer) ? answer : []

function readValue (stored: unknown): StateValue | undefined {
  if (typeof stored !== 'string') return undefined
  const blank = stored.indexOf(' ')
  return { json: stored.slice(blank + 1), version: Number(stored.slice(0, blank)) }
}
