import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { Secret } from '../../../kernel/contract/index.js'
import { SystemClock } from '../../../kernel/observability/system-clock.js'
import type { PostgresStateConfig } from '../../../plugins/state-postgres/postgres-state-config.js'
import { PostgresState } from '../../../plugins/state-postgres/postgres-state.js'
import { freePort } from '../free-port.js'
import { QuietContext } from '../quiet-context.js'
import { DatabaseFolder, type DatabaseProcess, isInstalled } from './database-process.js'
import { type TlsFiles, writeTlsFiles } from './tls-files.js'

const DEBIAN = '/usr/lib/postgresql'
const PASSWORD = 'not-so-secret'

/** Where PostgreSQL's programs are: its newest version of Debian, or the path. Undefined, and said, where there is none. */
export function postgresPrograms (): string | undefined {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).filter(name => /^\d+$/.test(name)).map(Number) : []
  const folder = versions.length === 0 ? '' : join(DEBIAN, String(Math.max(...versions)), 'bin')
  return isInstalled(folder === '' ? 'postgres' : join(folder, 'postgres')) ? folder : undefined
}

/** A real PostgreSQL on a port of loopback, with a user that needs a password. */
export class PostgresServer {
  readonly #folder = new DatabaseFolder()
  #process: DatabaseProcess | undefined

  private constructor (private readonly programs: string, readonly port: number) {}

  /** `programs` is what {@link postgresPrograms} gave. */
  static async start (programs: string): Promise<PostgresServer> {
    const server = new PostgresServer(programs, await freePort('127.0.0.1'))
    const password = server.#folder.write('password', `${PASSWORD}\n`)
    const words = ['-U', 'caxton', '-A', 'scram-sha-256', `--pwfile=${password}`, '-N', '-E', 'UTF8', '--locale=C.UTF-8']
    server.#folder.run(join(programs, 'initdb'), ['-D', server.#folder.path, ...words])
    await server.up()
    return server
  }

  /** Starts it again after {@link down}. */
  async up (more: readonly string[] = []): Promise<void> {
    const settings = [
      ...more, 'listen_addresses=127.0.0.1', 'fsync=off', 'max_connections=40', `unix_socket_directories=${this.#folder.path}`,
    ]
    const words = ['-D', this.#folder.path, '-p', String(this.port), ...settings.flatMap(each => ['-c', each])]
    this.#process = this.#folder.start(join(this.programs, 'postgres'), words)
    await this.#process.ready(() => this.query('SELECT 1').then(() => true, () => false))
  }

  /** Starts it anew, with TLS for who asks for it. */
  async withTls (): Promise<TlsFiles> {
    await this.down()
    const files = await writeTlsFiles(this.#folder)
    await this.up(['ssl=on', `ssl_cert_file=${files.certificate}`, `ssl_key_file=${files.key}`])
    return files
  }

  /** Breaks every connection, as a restart does. */
  async down (): Promise<void> {
    await this.#process?.stop('SIGINT')
  }

  /** Runs a query on a connection of its own. */
  async query (text: string, values: readonly unknown[] = []): Promise<unknown[]> {
    const client = new pg.Client(this.login)
    client.on('error', () => {})
    try {
      await client.connect()
      return (await client.query<object>(text, [...values])).rows
    } finally {
      await client.end()
    }
  }

  get login (): { host: string, port: number, user: string, password: string, database: string } {
    return { host: '127.0.0.1', port: this.port, user: 'caxton', password: PASSWORD, database: 'postgres' }
  }

  /** The backend over it, not started. */
  state (config: Partial<PostgresStateConfig> = {}, context = new QuietContext('state-postgres')): PostgresState {
    const { host, port, user, password, database } = this.login
    return new PostgresState(new SystemClock(), {
      host, port, user, password: new Secret(password), database, tls: undefined, ca: undefined, certificate: undefined, key: undefined,
      timeout: 30_000, table: 'caxton_state', connections: 10, queue: 1000, ...config,
    }, context)
  }

  async stop (): Promise<void> {
    await this.#process?.stop('SIGINT')
    this.#folder.remove()
  }
}
