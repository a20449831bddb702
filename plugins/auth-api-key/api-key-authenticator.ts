import { join } from 'node:path'
import {
  ClockToken, inject, injectable, NodeToken, PluginConfig, PluginContextToken, RandomToken, SecurityEventsToken, StoreToken,
  type Authenticator, type Clock, type Health, type NodeFacts, type Origin, type PluginContext, type PluginLife, type Principal,
  type Random, type SecurityEvents, type Store, type Timer,
} from '../../kernel/contract/index.js'
import { ApiKeys } from './api-keys.js'
import type { AuthApiKeyConfig } from './auth-api-key-config.js'
import { FirstKey } from './first-key.js'
import { KeyCheck, shownKey } from './key-check.js'
import { HashKeys } from './keys/hash-keys.js'
import { KeyBook } from './keys/key-book.js'
import { SharedKeys } from './shared-keys.js'

/** How often it is written down which keys were used, in milliseconds. */
const USES_KEPT_EVERY = 60_000

/** Lets callers in by API keys. The plugin's living part. */
@injectable()
export class ApiKeyAuthenticator implements Authenticator, PluginLife {
  readonly book: KeyBook
  readonly keys: ApiKeys
  /** What all nodes have alike. */
  readonly shared: SharedKeys
  private readonly hashes: HashKeys
  private readonly check: KeyCheck
  private timer: Timer | undefined
  private writing: Promise<void> = Promise.resolve()
  private stopped = false

  constructor (
    @inject(StoreToken) store: Store,
    @inject(NodeToken) private readonly node: NodeFacts,
    @inject(ClockToken) private readonly clock: Clock,
    @inject(RandomToken) random: Random,
    @inject(SecurityEventsToken) private readonly events: SecurityEvents,
    @inject(PluginConfig) private readonly config: AuthApiKeyConfig,
    @inject(PluginContextToken) private readonly context: PluginContext,
  ) {
    this.book = new KeyBook(store, clock)
    this.hashes = new HashKeys(config.hash_key_file ?? join(node.dataDirectory, 'api-key-hashes.key'), random)
    this.keys = new ApiKeys(this.book, this.hashes, config, clock, random)
    this.shared = new SharedKeys(this.keys, this.hashes)
    this.check = new KeyCheck(this.book, this.hashes, clock, context.instance)
  }

  async start (signal: AbortSignal): Promise<void> {
    await this.hashes.load()
    await this.book.load()
    signal.throwIfAborted()
    await new FirstKey(this.keys, this.book, this.config, this.node, this.context.log).make()
    const unusable = this.uncheckable()
    if (unusable > 0) {
      this.events.note({ what: 'api-keys-lost', resource: this.context.instance, result: 'warning', because: lostText(unusable) })
    }
  }

  async stop (): Promise<void> {
    this.stopped = true
    this.timer?.cancel()
    await this.writing
    await this.keepUses()
  }

  health (): Health {
    const unusable = this.uncheckable()
    return unusable === 0 ? { state: 'ready' } : { state: 'degraded', detail: lostText(unusable) }
  }

  async authenticate (origin: Origin): Promise<Principal | undefined> {
    const text = shownKey(origin)
    if (text === undefined) return undefined
    const principal = this.check.principalOf(text)
    this.keepUsesLater()
    return principal
  }

  /** Milliseconds since the Unix epoch. */
  readonly now = (): number => this.clock.now()

  /** Keys that work, but for which the secret of their hash is missing. */
  private uncheckable (): number {
    return this.keys.list(false).filter(({ hashes }) => hashes.some(({ by }) => !this.hashes.has(by))).length
  }

  private keepUsesLater (): void {
    if (this.stopped) return
    this.timer ??= this.clock.after(USES_KEPT_EVERY, () => {
      this.timer = undefined
      this.writing = this.writing.then(() => this.keepUses())
    })
  }

  /** Not worth failing for: at worst a key seems to have been unused for longer. */
  private async keepUses (): Promise<void> {
    await this.book.keepUses().catch((error: unknown) => {
      this.context.log.warn('it could not be written down when keys were last used', { error })
    })
  }
}

const lostText = (count: number): string =>
  `${count} API ${count === 1 ? 'key' : 'keys'} can't be checked: the secret of their hashes is missing in hash_key_file`
