import { Secret } from '../../contract/config.js'
import type { Clock } from '../../contract/clock.js'
import { LoginExpired, LoginProviderFailed } from '../login/login-errors.js'
import type { LoginFile } from '../login/login-file.js'
import type { Login } from '../login/login.js'
import type { CredentialSource } from './caller-credentials.js'

/** A token that ends so soon is renewed first, in milliseconds. */
const SOON = 30_000

/** The token of the last `caxton login` to a server; renews it when it is over. */
export class StoredLogin implements CredentialSource {
  constructor (private readonly file: LoginFile, private readonly clock: Clock, private readonly signal: AbortSignal) {}

  /** Throws `LOGIN_EXPIRED`, `LOGIN_PROVIDER_FAILED`, and what reading the file throws. */
  async bearer (address: string): Promise<Secret | undefined> {
    const login = (await this.file.read()).get(address)
    if (login === undefined) return undefined
    return new Secret(this.lasts(login, SOON) ? login.token : await this.renewed(address))
  }

  private async renewed (server: string): Promise<string> {
    const logins = await this.file.change(async logins => {
      const login = logins.get(server)
      // Another command may have logged out, or renewed it meanwhile.
      if (login === undefined || this.lasts(login, SOON)) return logins
      const fresh = await this.renew(server, login)
      return fresh === login ? logins : new Map([...logins, [server, fresh]])
    }, this.signal)
    const login = logins.get(server)
    if (login === undefined) throw LoginExpired({ server, because: 'somebody has logged out meanwhile' })
    return login.token
  }

  private async renew (server: string, login: Login): Promise<Login> {
    if (login.refresh === undefined) {
      if (this.lasts(login, 0)) return login
      throw LoginExpired({ server, because: 'its token has expired' })
    }
    try {
      return await this.refreshed(server, login, login.refresh)
    } catch (error) {
      if (LoginProviderFailed.is(error) && this.lasts(login, 0)) return login
      throw error
    }
  }

  private async refreshed (server: string, login: Login, refresh: string): Promise<Login> {
    // Loaded here: most commands renew no login.
    const [{ IdentityProvider }, { loginWeb }] = await Promise.all([
      import('../login/identity-provider.js'), import('../login/login-web.js'),
    ])
    const provider = await IdentityProvider.discover(login.issuer, await loginWeb(login.trust, this.clock), this.signal)
    const form = { grant_type: 'refresh_token', refresh_token: refresh, client_id: login.client }
    const answer = await provider.token(form, undefined, this.signal)
    if ('refusal' in answer) throw LoginExpired({ server, because: answer.because.message }, { cause: answer.because })
    const expires = answer.lasts === undefined ? undefined : this.clock.now() + answer.lasts * 1000
    return { ...login, token: answer.token, expires, refresh: answer.refresh ?? refresh }
  }

  private lasts ({ expires }: Login, milliseconds: number): boolean {
    return expires === undefined || this.clock.now() < expires - milliseconds
  }
}
