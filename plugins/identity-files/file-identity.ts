import type { X509Certificate } from 'node:crypto'
import {
  ClockToken, inject, injectable, isCaxtonError, MetricsToken, NodeToken, PluginConfig, PluginContextToken, Revocations,
  SecurityEventsToken, WatchedFiles, type Clock, type Credentials, type Health, type Identity, type Metrics, type NodeFacts,
  type PluginContext, type PluginLife, type SecurityEvents,
} from '../../kernel/contract/index.js'
import { CertificateAge } from './certificate-age.js'
import { agesOf } from './credential-ages.js'
import { checkCredentials } from './credential-check.js'
import { isOpenToOthers, readCredentials, type CredentialPaths } from './credential-files.js'
import type { FileIdentityConfig } from './file-identity-config.js'
import { IdentityFilesIncomplete } from './identity-errors.js'
import { OwnRenewal } from './own-renewal.js'

/**
 * The node's identity out of three files, or none. The files are looked at again and again: what is replaced takes
 * effect when all three fit together, so they may be replaced one by one; until then the old credentials stay.
 */
@injectable()
export class FileIdentity implements Identity, PluginLife {
  readonly #listeners = new Set<() => void>()
  readonly #age: CertificateAge
  #credentials: Credentials | undefined
  #leaf: X509Certificate | undefined
  #renewal: OwnRenewal | undefined
  #trouble: string | undefined
  #watched: WatchedFiles | undefined
  #isStopped = false

  constructor (
    @inject(NodeToken) private readonly node: NodeFacts,
    @inject(ClockToken) private readonly clock: Clock,
    @inject(MetricsToken) metrics: Metrics,
    @inject(SecurityEventsToken) private readonly events: SecurityEvents,
    @inject(PluginConfig) private readonly config: FileIdentityConfig,
    @inject(PluginContextToken) private readonly context: PluginContext,
  ) {
    this.#age = new CertificateAge(clock, context.log, metrics, events)
  }

  get nodeId (): string {
    return this.node.nodeId
  }

  async start (signal: AbortSignal): Promise<void> {
    const paths = this.#paths()
    if (!paths) return
    const { key, chain, trust, revoked } = paths
    const watched = this.#watched = new WatchedFiles({
      files: [key, chain, trust, ...revoked === undefined ? [] : [revoked]], interval: this.config.check_interval, clock: this.clock,
      changed: () => this.#loadAgain(paths),
      beforeLook: async () => {
        this.#age.note()
        await this.#renewIfDue(paths)
      },
    })
    await watched.note()
    await this.#load(paths)
    signal.throwIfAborted()
    const { authority_key: authorityKey, renew_before: before } = this.config
    if (authorityKey !== undefined) this.#renewal = new OwnRenewal(this.clock, paths, { authorityKey, before })
    await this.#renewIfDue(paths)
    watched.start()
  }

  async stop (): Promise<void> {
    this.#isStopped = true
    this.#listeners.clear()
    await this.#watched?.stop()
  }

  health (): Health {
    if (this.#trouble !== undefined) return { state: 'degraded', detail: `${this.#trouble}; the old credentials stay in use` }
    return this.#age.health()
  }

  credentials (): Credentials | undefined {
    return this.#credentials
  }

  onChange (changed: () => void, signal: AbortSignal): void {
    if (signal.aborted) return
    // Wrapped, so that one function that was given twice is called twice.
    const listener = (): void => { changed() }
    this.#listeners.add(listener)
    signal.addEventListener('abort', () => { this.#listeners.delete(listener) }, { once: true })
  }

  /** The configured paths, or undefined when there are none. */
  #paths (): CredentialPaths | undefined {
    const { key, chain, trust, revoked } = this.config
    if (key !== undefined && chain !== undefined && trust !== undefined) {
      return { key, chain, trust, ...revoked === undefined ? {} : { revoked } }
    }
    const missing = Object.entries({ key, chain, trust }).filter(([, path]) => path === undefined).map(([name]) => name)
    if (missing.length < 3) throw IdentityFilesIncomplete({ instance: this.context.instance, missing })
    return undefined
  }

  async #loadAgain (paths: CredentialPaths): Promise<void> {
    const before = this.#credentials
    try {
      await this.#load(paths)
    } catch (error) {
      this.#noteTrouble(error)
      return
    }
    const after = this.#credentials
    if (this.#isStopped || (before && after && isSame(before, after))) return
    const expires = this.#leaf?.validTo
    this.context.log.info('the node\'s credentials were replaced', { chain: paths.chain, expires })
    if (before?.chain !== after?.chain) this.events.note({ what: 'certificate-rotated', resource: this.nodeId, result: 'ok' })
    if (before?.trust !== after?.trust) this.events.note({ what: 'trust-changed', resource: paths.trust, result: 'ok' })
    if (before?.revoked !== after?.revoked) this.events.note({ what: 'revocations-changed', resource: paths.revoked ?? '', result: 'ok' })
    this.#tell()
  }

  async #load (paths: CredentialPaths): Promise<void> {
    const credentials = await readCredentials(paths)
    const certificate = checkCredentials(credentials, paths)
    this.#credentials = credentials
    this.#leaf = certificate
    this.#trouble = undefined
    this.#age.watch(agesOf(credentials, certificate, paths))
    if (Revocations.of(credentials).since(certificate.raw) !== undefined) {
      this.context.log.error(`the certificate in ${paths.chain} is revoked: every peer that knows it refuses this node`)
    }
    if (certificate.checkHost(this.nodeId, { wildcards: false }) === undefined) {
      this.context.log.warn(`the certificate in ${paths.chain} does not name node "${this.nodeId}": other nodes will refuse it`, {
        names: certificate.subjectAltName,
      })
    }
    if (await isOpenToOthers(paths.key)) {
      this.context.log.warn(`others than its owner may read the key ${paths.key}: take the right away with chmod 600`)
    }
  }

  /** The files that it writes are taken up like those of anybody else. */
  async #renewIfDue (paths: CredentialPaths): Promise<void> {
    if (this.#leaf === undefined || this.#renewal?.isDue(Date.parse(this.#leaf.validFrom), Date.parse(this.#leaf.validTo)) !== true) return
    try {
      const { until } = await this.#renewal.renew()
      this.context.log.info('the node has renewed its certificate', { chain: paths.chain, until: new Date(until).toISOString() })
      this.events.note({ what: 'certificate-renewed', resource: this.nodeId, result: 'ok' })
    } catch (error) {
      this.context.log.error('the node could not renew its certificate; it tries again in ten minutes', { error })
      this.events.note({ what: 'certificate-renewed', resource: this.nodeId, result: 'warning', because: 'it could not be renewed' })
    }
  }

  #noteTrouble (error: unknown): void {
    this.#trouble = error instanceof Error ? error.message : String(error)
    const fields = isCaxtonError(error) ? { code: error.code, remedy: error.remedy } : {}
    this.context.log.warn(`${this.#trouble}; the old credentials stay in use`, fields)
  }

  #tell (): void {
    for (const listener of Array.from(this.#listeners)) {
      try {
        listener()
      } catch (error) {
        this.context.log.error('a part of the server could not take up the new credentials', { error })
      }
    }
  }
}

const isSame = (a: Credentials, b: Credentials): boolean =>
  a.key === b.key && a.chain === b.chain && a.trust === b.trust && a.revoked === b.revoked
