import { setMaxListeners } from 'node:events'
import {
  abortReason, CredentialRefused, orAborted, ProofCache, type Claims, type Clock, type SecurityEvents,
} from '../../kernel/contract/index.js'
import type { AuthOauth2Config } from './auth-oauth2-config.js'
import { Oauth2ProviderFailed } from './auth-oauth2-errors.js'
import type { IntrospectionEndpoint } from './introspection-endpoint.js'

type Keys = Pick<
  AuthOauth2Config, 'introspection_url' | 'cache_time' | 'negative_cache_time' | 'cache_entries' | 'max_questions' | 'retry'
>

/**
 * What the provider said of tokens, for as long as that may be believed. Each token is asked about once at a time, only so many at once,
 * and none for a moment after the provider failed. Tokens that nobody knows can't drive out those that somebody does.
 */
export class AskedTokens<V> {
  readonly #known: ProofCache<V>
  readonly #refused: ProofCache<Error>
  readonly #asking = new Map<string, Promise<V>>()
  readonly #ending = new AbortController()
  #failedAt = -Infinity
  #trouble: string | undefined

  /** `read` makes of an answer what is to be remembered, or throws `CREDENTIAL_REFUSED`, which is remembered as well. */
  constructor (
    private readonly endpoint: IntrospectionEndpoint,
    private readonly read: (claims: Claims | undefined) => V,
    private readonly keys: Keys,
    private readonly clock: Clock,
    private readonly events: SecurityEvents,
  ) {
    // Every question listens to it.
    setMaxListeners(keys.max_questions + 1, this.#ending.signal)
    this.#known = new ProofCache(keys.cache_entries)
    this.#refused = new ProofCache(keys.cache_entries)
  }

  /** Throws `OAUTH2_PROVIDER_FAILED`, and what `read` throws. */
  async find (token: string, signal: AbortSignal): Promise<V> {
    if (signal.aborted) throw abortReason(signal)
    const now = this.clock.elapsed()
    const known = this.#known.get(token, now)
    if (known !== undefined) return known
    const refusal = this.#refused.get(token, now)
    if (refusal !== undefined) throw refusal
    return await orAborted(this.#asking.get(token) ?? this.#begin(token, now), signal)
  }

  /** Why the provider could not be asked the last time. */
  trouble (): string | undefined {
    return this.#trouble
  }

  async stop (): Promise<void> {
    this.#ending.abort(new Error('the server stops'))
    await Promise.allSettled(this.#asking.values())
    this.#known.clear()
    this.#refused.clear()
  }

  #begin (token: string, now: number): Promise<V> {
    const { introspection_url: { host: provider }, max_questions: most, retry } = this.keys
    if (now - this.#failedAt < retry) {
      throw Oauth2ProviderFailed({ provider, because: `it failed a moment ago (${this.#trouble ?? ''}) and is left alone` })
    }
    if (this.#asking.size >= most) throw Oauth2ProviderFailed({ provider, because: `${most} questions wait for its answer already` })
    const asking = this.#ask(token).finally(() => { this.#asking.delete(token) })
    this.#asking.set(token, asking)
    return asking
  }

  async #ask (token: string): Promise<V> {
    const claims = await this.#answer(token)
    const now = this.clock.elapsed()
    try {
      const value = this.read(claims)
      this.#known.keep(token, value, now + this.keys.cache_time)
      return value
    } catch (error) {
      if (CredentialRefused.is(error)) this.#refused.keep(token, error, now + this.keys.negative_cache_time)
      throw error
    }
  }

  async #answer (token: string): Promise<Claims | undefined> {
    try {
      const claims = await this.endpoint.claimsOf(token, this.#ending.signal)
      if (this.#trouble !== undefined) this.#note('token-provider-answers', 'ok')
      this.#trouble = undefined
      return claims
    } catch (error) {
      const because = Oauth2ProviderFailed.is(error) ? error.details.because : String(error)
      if (because !== this.#trouble && !this.#ending.signal.aborted) this.#note('token-provider-failed', 'warning', because)
      this.#failedAt = this.clock.elapsed()
      this.#trouble = because
      throw error
    }
  }

  #note (what: string, result: 'ok' | 'warning', because?: string): void {
    this.events.note({ what, resource: this.keys.introspection_url.host, result, ...because === undefined ? {} : { because } })
  }
}
