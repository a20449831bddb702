import type { NodeFacts, Origin, SecurityEvent } from '../../../kernel/contract/index.js'
import { SystemRandom } from '../../../kernel/observability/system-random.js'
import { ApiKeyAuthenticator } from '../../../plugins/auth-api-key/api-key-authenticator.js'
import type { AuthApiKeyConfig } from '../../../plugins/auth-api-key/auth-api-key-config.js'
import { MemoryStore } from '../../../plugins/store-memory/memory-store.js'
import { RecordingLogger } from '../recording-logger.js'
import { TemporaryFolder } from '../temporary-folder.js'
import { VirtualClock } from '../virtual-clock.js'

const DAY = 86_400_000

/** A node with API keys, on virtual time; its store and its files outlive its restarts. */
export class ApiKeyScene {
  readonly folder = new TemporaryFolder()
  readonly store = new MemoryStore({ max_size: 2 ** 24 })
  readonly clock = new VirtualClock()
  readonly log = new RecordingLogger()
  readonly events: Array<Omit<SecurityEvent, 'event'>> = []
  readonly config: AuthApiKeyConfig
  main: ApiKeyAuthenticator

  private constructor (config: Partial<AuthApiKeyConfig>) {
    this.config = {
      first_key: 'never', first_key_file: undefined, hash_key_file: undefined, lifetime: 90 * DAY, grace: 7 * DAY, max_keys: 100, ...config,
    }
    this.main = this.made()
  }

  static async start (config: Partial<AuthApiKeyConfig> = {}): Promise<ApiKeyScene> {
    const scene = new ApiKeyScene(config)
    await scene.main.start(new AbortController().signal)
    return scene
  }

  /** Stops the node and starts it again, perhaps with other settings. */
  async restart (config: Partial<AuthApiKeyConfig> = {}): Promise<void> {
    await this.main.stop()
    this.main = this.made(config)
    await this.main.start(new AbortController().signal)
  }

  async end (): Promise<void> {
    await this.main.stop()
    await this.store.stop()
    this.folder.remove()
  }

  /** Makes a key, and gives it. */
  async key (name: string, roles: readonly string[] = [], lifetime?: number): Promise<string> {
    return (await this.main.keys.create({ name, roles, createdBy: 'test', lifetime })).text
  }

  /** Who shows this as a bearer token: the name of a principal, `nobody`, or why it is refused. */
  async ask (text: string): Promise<string> {
    try {
      return (await this.main.authenticate(showing(text)))?.name ?? 'nobody'
    } catch (error) {
      return error instanceof Error ? error.message : String(error)
    }
  }

  private made (config: Partial<AuthApiKeyConfig> = {}): ApiKeyAuthenticator {
    const node: NodeFacts = { nodeId: 'node-1', zone: 'a', dataDirectory: this.folder.path, startedAt: 0, version: '1.0.0' }
    const context = { instance: 'auth-api-key', log: this.log, fail: (error: Error): void => { throw error } }
    const events = { note: (event: Omit<SecurityEvent, 'event'>): void => { this.events.push(event) } }
    const { store, clock } = this
    return new ApiKeyAuthenticator(
      store.scopeFor('auth-api-key'), node, clock, new SystemRandom(), events, { ...this.config, ...config }, context,
    )
  }
}

export const showing = (text: string): Origin =>
  ({ face: 'api-grpc', address: '192.0.2.1', headers: new Map([['authorization', `Bearer ${text}`]]) })
