import type { Secret } from '../../contract/config.js'
import type { Web, WebAnswer } from '../../contract/credentials/web.js'
import { ruleOf } from '../../lifecycle/configuration/formats.js'
import { bearerToken } from '../credentials/bearer-token.js'
import { LoginProviderFailed, LoginRefused } from './login-errors.js'

type Fields = Readonly<Record<string, unknown>>

/** A token that the provider gave. */
export interface Grant {
  readonly token: string
  /** Seconds. */
  readonly lasts: number | undefined
  readonly refresh: string | undefined
}

/** What a person has to be told to confirm a login (RFC 8628 §3.2); times in seconds. */
export interface DeviceCode {
  readonly code: string
  readonly userCode: string
  readonly page: URL
  /** The page with the code already in it. */
  readonly pageWithCode: URL | undefined
  readonly lasts: number
  readonly interval: number
}

const LONGEST_USER_CODE = 64
/** Seconds between two questions where the provider does not say: RFC 8628 §3.2. */
const USUAL_INTERVAL = 5

/** An OAuth 2 authorization server, as a client sees it. */
export class IdentityProvider {
  private constructor (private readonly issuer: string, private readonly endpoints: Fields, private readonly web: Web) {}

  /** Finds out what an issuer offers: RFC 8414, or OpenID Connect Discovery. Throws `LOGIN_PROVIDER_FAILED`. */
  static async discover (issuer: string, web: Web, signal: AbortSignal): Promise<IdentityProvider> {
    const base = urlIn(issuer)
    if (base === undefined) throw failed(issuer, 'its issuer is no URL with https')
    for (const url of metadataUrls(base)) {
      const { status, body } = await answered(issuer, web.ask({ method: 'GET', url }, signal))
      if (status !== 200) continue
      const endpoints = fieldsIn(body)
      if (endpoints?.['issuer'] !== issuer) throw failed(issuer, 'it describes itself as another issuer')
      return new IdentityProvider(issuer, endpoints, web)
    }
    throw failed(issuer, 'it does not describe itself as an authorization server')
  }

  /** Begins a login that a person confirms elsewhere. Throws `LOGIN_PROVIDER_FAILED`, `LOGIN_REFUSED`. */
  async beginDevice (form: Readonly<Record<string, string>>, signal: AbortSignal): Promise<DeviceCode> {
    const { status, fields } = await this.post('device_authorization_endpoint', form, undefined, signal)
    if (status !== 200) throw this.refused(fields)
    const { device_code: code, user_code: userCode, verification_uri: page, expires_in: lasts, interval } = fields
    const url = urlIn(page)
    const isReadable = typeof userCode === 'string' && userCode.length <= LONGEST_USER_CODE && /^[\x21-\x7e]+$/.test(userCode)
    if (typeof code !== 'string' || !isReadable || url === undefined || !isSeconds(lasts)) {
      throw failed(this.issuer, 'it gives no proper code')
    }
    return {
      code, userCode, lasts, page: url, pageWithCode: urlIn(fields['verification_uri_complete']),
      interval: isSeconds(interval) ? interval : USUAL_INTERVAL,
    }
  }

  /** Asks for a token; gives a code such as `authorization_pending` when there is none. Throws `LOGIN_PROVIDER_FAILED`. */
  async token (form: Readonly<Record<string, string>>, client: ClientSecret | undefined, signal: AbortSignal): Promise<Grant | Refusal> {
    const { status, fields } = await this.post('token_endpoint', form, client, signal)
    const { access_token: token, token_type: type, expires_in: lasts, refresh_token: refresh } = fields
    if (status !== 200) return { refusal: textOf(fields['error']) ?? `status ${status}`, because: this.refused(fields) }
    if (typeof token !== 'string' || typeof type !== 'string' || type.toLowerCase() !== 'bearer') {
      throw failed(this.issuer, 'it gives no bearer token')
    }
    return {
      token: bearerToken(token, `the token of ${this.issuer}`).reveal(), refresh: textOf(refresh),
      lasts: isSeconds(lasts) ? lasts : undefined,
    }
  }

  /** Has a token withdrawn (RFC 7009); false where the provider can't. Throws `LOGIN_PROVIDER_FAILED`. */
  async revoke (token: string, client: string, signal: AbortSignal): Promise<boolean> {
    if (urlIn(this.endpoints['revocation_endpoint']) === undefined) return false
    const { status } = await this.post('revocation_endpoint', { token, client_id: client }, undefined, signal)
    return status === 200
  }

  private async post (
    name: string, form: Readonly<Record<string, string>>, client: ClientSecret | undefined, signal: AbortSignal,
  ): Promise<{ readonly status: number, readonly fields: Fields }> {
    const url = urlIn(this.endpoints[name])
    if (url === undefined) throw failed(this.issuer, `it has no ${name.replaceAll('_', ' ')}`)
    const headers = {
      'content-type': 'application/x-www-form-urlencoded', ...client === undefined ? {} : { authorization: basicOf(client) },
    }
    const { status, body } = await answered(this.issuer, this.web.ask({
      method: 'POST', url, headers, body: new URLSearchParams(form).toString(),
    }, signal))
    return { status, fields: fieldsIn(body) ?? {} }
  }

  private refused (fields: Fields): Error {
    const { error, error_description: description } = fields
    const because = [error, description].filter(text => typeof text === 'string').join(', ').slice(0, 300)
    return LoginRefused({ provider: this.issuer, because: because === '' ? 'it does not say why' : because })
  }
}

/** Why there is no token: the code of RFC 6749 §5.2 and RFC 8628 §3.5, and the error to throw if nothing else can be done. */
export interface Refusal {
  readonly refusal: string
  readonly because: Error
}

/** How a program proves itself to the provider. */
export interface ClientSecret {
  readonly client: string
  readonly secret: Secret
}

/** RFC 6749 §2.3.1: each half is written as in a form before they are put together. */
function basicOf ({ client, secret }: ClientSecret): string {
  const [id, word] = [client, secret.reveal()].map(text => new URLSearchParams({ '': text }).toString().slice(1))
  return `Basic ${Buffer.from(`${id}:${word}`).toString('base64')}`
}

function metadataUrls (issuer: URL): readonly URL[] {
  const path = issuer.pathname.replace(/\/$/, '')
  return [
    new URL(`${path}/.well-known/openid-configuration`, issuer), new URL(`/.well-known/oauth-authorization-server${path}`, issuer),
  ]
}

async function answered (issuer: string, asking: Promise<WebAnswer>): Promise<WebAnswer> {
  try {
    return await asking
  } catch (error) {
    throw failed(issuer, error instanceof Error ? error.message : String(error), error)
  }
}

const failed = (provider: string, because: string, cause?: unknown): Error => LoginProviderFailed({ provider, because }, { cause })

function urlIn (value: unknown): URL | undefined {
  const url = ruleOf('url').parse(value, '')
  return url instanceof URL ? url : undefined
}

const textOf = (value: unknown): string | undefined => typeof value === 'string' ? value : undefined

const isSeconds = (value: unknown): value is number => typeof value === 'number' && value > 0 && value <= 1e9

function fieldsIn (text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}
