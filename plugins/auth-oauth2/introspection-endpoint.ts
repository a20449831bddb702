import type { Claims, Web } from '../../kernel/contract/index.js'
import type { AuthOauth2Config } from './auth-oauth2-config.js'
import { Oauth2ProviderFailed } from './auth-oauth2-errors.js'

/** Most bytes of an answer. */
export const LARGEST_ANSWER = 64 * 1024

type Keys = Pick<AuthOauth2Config, 'introspection_url' | 'client_id' | 'client_secret' | 'client_auth'>

/** Asks the provider about tokens: RFC 7662. */
export class IntrospectionEndpoint {
  constructor (private readonly keys: Keys, private readonly web: Web) {}

  /** What the provider says of a token; undefined: it is not active, or was never seen there. Throws `OAUTH2_PROVIDER_FAILED`. */
  async claimsOf (token: string, signal: AbortSignal): Promise<Claims | undefined> {
    const { status, body } = await this.ask(token, signal)
    const claims = fieldsIn(body)
    if (status === 401 || status === 403 || (status === 400 && claims?.['error'] === 'invalid_client')) {
      throw this.failed(`it does not accept client_id and client_secret (status ${status})`)
    }
    // Of a token in a form that it does not take. Were that a failure, whoever sends one would keep others out.
    if (status === 400) return undefined
    if (status !== 200) throw this.failed(`its answer has the status ${status}`)
    const active = claims?.['active']
    if (typeof active !== 'boolean') throw this.failed('its answer does not say whether the token is active')
    return active ? claims : undefined
  }

  private async ask (token: string, signal: AbortSignal): Promise<{ status: number, body: string }> {
    const { introspection_url: url, client_id: id, client_secret: secret, client_auth: how } = this.keys
    const form = new URLSearchParams({ token, token_type_hint: 'access_token' })
    const headers: Record<string, string> = { 'content-type': 'application/x-www-form-urlencoded' }
    if (how === 'basic') {
      headers['authorization'] = `Basic ${Buffer.from(`${formWord(id)}:${formWord(secret.reveal())}`).toString('base64')}`
    } else {
      form.set('client_id', id)
      form.set('client_secret', secret.reveal())
    }
    try {
      return await this.web.ask({ method: 'POST', url, headers, body: form.toString() }, signal)
    } catch (error) {
      throw this.failed(error instanceof Error ? error.message : String(error), error)
    }
  }

  private failed (because: string, cause?: unknown): Error {
    return Oauth2ProviderFailed({ provider: this.keys.introspection_url.host, because }, { cause })
  }
}

/** RFC 6749 §2.3.1: each half is written as in a form before they are put together. */
const formWord = (text: string): string => new URLSearchParams({ '': text }).toString().slice(1)

function fieldsIn (text: string): Claims | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}
