import { connect } from 'node:net'
import { Secret } from '../../../kernel/contract/index.js'
import { SystemClock } from '../../../kernel/observability/system-clock.js'
import type { RedisStateConfig } from '../../../plugins/state-redis/redis-state-config.js'
import { RedisState } from '../../../plugins/state-redis/redis-state.js'
import { freePort } from '../free-port.js'
import { QuietContext } from '../quiet-context.js'
import { SeededRandom } from '../seeded-random.js'
import { DatabaseFolder, type DatabaseProcess } from './database-process.js'
import { type TlsFiles, writeTlsFiles } from './tls-files.js'

const PASSWORD = 'not-so-secret'

/** A real Redis on a port of loopback that wants a password; what it keeps is written to its folder. */
export class RedisServer {
  readonly #folder = new DatabaseFolder()
  #process: DatabaseProcess | undefined

  private constructor (readonly port: number) {}

  static async start (): Promise<RedisServer> {
    const server = new RedisServer(await freePort('127.0.0.1'))
    await server.up()
    return server
  }

  /** Starts it again after {@link down}. */
  async up (words: readonly string[] = []): Promise<void> {
    this.#process = this.#folder.start('redis-server', [
      '--port', String(this.port), '--bind', '127.0.0.1', '--requirepass', PASSWORD, '--dir', this.#folder.path,
      '--appendonly', 'yes', ...words,
    ])
    await this.#process.ready(() => this.#listens())
  }

  /** Breaks every connection, as a restart does. */
  async down (): Promise<void> {
    await this.#process?.stop('SIGTERM')
  }

  /** Starts it anew, with TLS only. */
  async withTls (): Promise<TlsFiles> {
    await this.down()
    const files = await writeTlsFiles(this.#folder)
    await this.up([
      '--port', '0', '--tls-port', String(this.port), '--tls-cert-file', files.certificate, '--tls-key-file', files.key,
      '--tls-ca-cert-file', files.ca, '--tls-auth-clients', 'no',
    ])
    return files
  }

  /** It stops answering, and its connections stay open. */
  freeze (): void {
    this.#process?.signal('SIGSTOP')
  }

  thaw (): void {
    this.#process?.signal('SIGCONT')
  }

  /** The backend over it, not started. */
  state (config: Partial<RedisStateConfig> = {}, context = new QuietContext('state-redis')): RedisState {
    return new RedisState(new SystemClock(), new SeededRandom(1), {
      host: '127.0.0.1', port: this.port, user: undefined, password: new Secret(PASSWORD), database: 0, prefix: 'caxton', tls: undefined,
      ca: undefined, certificate: undefined, key: undefined, timeout: 30_000, queue: 1000, ...config,
    }, context)
  }

  async stop (): Promise<void> {
    await this.#process?.stop('SIGTERM')
    this.#folder.remove()
  }

  #listens (): Promise<boolean> {
    return new Promise(resolve => {
      const socket = connect(this.port, '127.0.0.1')
      socket.once('connect', () => {
        socket.destroy()
        resolve(true)
      })
      socket.once('error', () => { resolve(false) })
    })
  }
}
