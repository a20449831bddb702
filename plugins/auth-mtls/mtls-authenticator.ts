import {
  ClockToken, IdentityToken, inject, injectable, optional, PluginConfig, PluginContextToken, SecurityEventsToken, WatchedFiles,
  type Authenticator, type ClientTrust, type Clock, type Health, type Identity, type Origin, type PluginContext, type PluginLife,
  type Principal, type SecurityEvents,
} from '../../kernel/contract/index.js'
import type { AuthMtlsConfig } from './auth-mtls-config.js'
import { ClientAuthoritiesMissing } from './auth-mtls-errors.js'
import { CertificateCheck } from './certificate-check.js'
import { AuthorityFiles } from './certificates/authority-files.js'
import type { ClientAuthorities } from './certificates/client-authorities.js'
import { NameRules } from './certificates/name-rules.js'

/** Lets callers in by their certificates, which the face has verified. The plugin's living part. */
@injectable()
export class MtlsAuthenticator implements Authenticator, ClientTrust, PluginLife {
  private readonly files: AuthorityFiles
  private readonly over = new AbortController()
  private readonly listeners = new Set<() => void>()
  private current: ClientAuthorities | undefined
  private check: CertificateCheck | undefined
  private trouble: string | undefined
  private readonly watched: WatchedFiles

  constructor (
    @inject(optional(IdentityToken)) private readonly identity: Identity | undefined,
    @inject(ClockToken) private readonly clock: Clock,
    @inject(SecurityEventsToken) private readonly events: SecurityEvents,
    @inject(PluginConfig) private readonly config: AuthMtlsConfig,
    @inject(PluginContextToken) private readonly context: PluginContext,
  ) {
    this.files = new AuthorityFiles(config.authorities, config.revoked)
    this.watched = new WatchedFiles({
      files: this.files.paths, interval: config.check_interval, clock, changed: () => this.takeUp(),
    })
  }

  async start (signal: AbortSignal): Promise<void> {
    await this.watched.note()
    const authorities = await this.files.read(this.identity?.credentials())
    if (authorities === undefined) throw ClientAuthoritiesMissing({ instance: this.context.instance })
    signal.throwIfAborted()
    this.current = authorities
    this.check = new CertificateCheck(authorities, new NameRules(this.config.rules, this.context.instance))
    // The node's own authorities may have changed.
    this.identity?.onChange(() => { this.watched.changeNow() }, this.over.signal)
    this.watched.start()
  }

  async stop (): Promise<void> {
    this.over.abort()
    this.listeners.clear()
    await this.watched.stop()
  }

  health (): Health {
    if (this.trouble !== undefined) return { state: 'degraded', detail: `${this.trouble}; what was read before stays in use` }
    const until = this.current?.listsUntil ?? Infinity
    if (this.clock.now() < until) return { state: 'ready' }
    return { state: 'degraded', detail: `a revocation list of client certificates ended on ${new Date(until).toISOString()}` }
  }

  authorities (): string {
    return this.config.authorities === undefined ? '' : this.current?.pem ?? ''
  }

  onChange (changed: () => void, signal: AbortSignal): void {
    if (signal.aborted) return
    const listener = (): void => { changed() }
    this.listeners.add(listener)
    signal.addEventListener('abort', () => { this.listeners.delete(listener) }, { once: true })
  }

  /** A call that shows a key or a token is that one's, whatever the connection: a token may be bound to the certificate (RFC 8705 §3). */
  async authenticate ({ certificate, headers }: Origin): Promise<Principal | undefined> {
    if (certificate === undefined || headers.has('authorization') || headers.has('x-caxton-api-key')) return undefined
    return this.check?.principalOf(certificate, this.clock.now())
  }

  private async takeUp (): Promise<void> {
    const before = this.current?.pem
    try {
      this.current = await this.files.read(this.identity?.credentials()) ?? this.current
      this.trouble = undefined
    } catch (error) {
      this.trouble = error instanceof Error ? error.message : String(error)
      this.events.note({ what: 'client-authorities-unusable', resource: this.context.instance, result: 'warning', because: this.trouble })
      return
    }
    if (this.over.signal.aborted || this.current === undefined) return
    this.check?.use(this.current)
    this.events.note({ what: 'client-authorities-read', resource: this.context.instance, result: 'ok' })
    if (this.current.pem === before) return
    for (const listener of Array.from(this.listeners)) listener()
  }
}
