import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import Provider from 'oidc-provider'

/** Resources that the provider makes tokens for: what this server is called, in either form, and something else. */
export const OPAQUE = 'urn:caxton:opaque'
export const JWT = 'urn:caxton:jwt'
export const OTHER = 'urn:other'

const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code'
const none = { redirect_uris: [], response_types: [] }

/** Clients by their names; each one's secret is its name and `-secret`. */
const CLIENTS = [
  { ...none, client_id: 'ci', client_secret: 'ci-secret', grant_types: ['client_credentials'] },
  { ...none, client_id: 'server', client_secret: 'server-secret', grant_types: [] },
  {
    ...none, client_id: 'server-post', client_secret: 'server-post-secret', grant_types: [],
    token_endpoint_auth_method: 'client_secret_post',
  },
  {
    ...none, client_id: 'bound', client_secret: 'bound-secret', grant_types: ['client_credentials'],
    tls_client_certificate_bound_access_tokens: true,
  },
  {
    ...none, client_id: 'caxton', token_endpoint_auth_method: 'none', application_type: 'native', grant_types: [DEVICE, 'refresh_token'],
  },
]

const RESOURCES = { scope: 'deploy watch', accessTokenTTL: 600 }

/** A real identity provider on loopback: oidc-provider, with a key that can be replaced and a port that can be closed. */
export class IdentityProvider {
  /** Paths that were asked for. */
  readonly requests: string[] = []
  #server: Server | undefined
  #provider: Provider | undefined
  #port = 0

  get issuer (): string {
    return `http://127.0.0.1:${this.#port}`
  }

  url (path: string): URL {
    return new URL(path, this.issuer)
  }

  /** Opens the port, the same each time, with a new key of this name. */
  async start (kid = 'first'): Promise<void> {
    let listener = (_request: unknown, response: { end (): void }): void => { response.end() }
    this.#server = createServer((request, response) => {
      this.requests.push(request.url ?? '')
      listener(request, response)
    })
    this.#server.listen(this.#port, '127.0.0.1')
    await once(this.#server, 'listening')
    this.#port = (this.#server.address() as AddressInfo).port
    this.#provider = new Provider(this.issuer, configuration({ ...await newKey(), kid }))
    listener = this.#provider.callback() as typeof listener
  }

  async stop (): Promise<void> {
    const server = this.#server
    this.#server = undefined
    server?.closeAllConnections()
    if (server !== undefined) await new Promise(resolve => { server.close(resolve) })
  }

  /** A token that a program gets in its own name. `certificate`: the one it shows, in PEM. */
  async token (resource: string, client = 'ci', certificate?: string): Promise<string> {
    const answer = await this.#post('/token', client, { grant_type: 'client_credentials', resource, scope: 'deploy' }, certificate)
    const { access_token: token } = await answer.json() as { readonly access_token?: string }
    if (token === undefined) throw new Error(`no token: ${answer.status}`)
    return token
  }

  /** Whether a token is one of this provider's, was made for a resource, and holds. */
  async isGood (token: string, resource: string): Promise<boolean> {
    const answer = await this.#post('/token/introspection', 'server', { token })
    const { active, aud } = await answer.json() as { readonly active?: boolean, readonly aud?: string }
    return active === true && aud === resource
  }

  async revoke (token: string, client = 'ci'): Promise<void> {
    await this.#post('/token/revocation', client, { token })
  }

  /** What a program on a device does first ... */
  async beginDevice (): Promise<{ readonly user_code: string, readonly device_code: string }> {
    return await (await this.#post('/device/auth', undefined, {
      client_id: 'caxton', scope: 'openid offline_access deploy', resource: OPAQUE,
    })).json() as { readonly user_code: string, readonly device_code: string }
  }

  /** ... and last. */
  async endDevice (code: string): Promise<{ readonly access_token: string, readonly refresh_token: string, readonly id_token: string }> {
    return await (await this.#post('/token', undefined, { client_id: 'caxton', grant_type: DEVICE, device_code: code })).json() as
      { readonly access_token: string, readonly refresh_token: string, readonly id_token: string }
  }

  /** Whether a refresh token is still good. It is used up by this. */
  async refreshes (token: string): Promise<boolean> {
    return (await this.#post('/token', undefined, { client_id: 'caxton', grant_type: 'refresh_token', refresh_token: token })).ok
  }

  /** What a person does who was shown a user code: allows it in the name of `accountId`, or refuses. */
  async answer (userCode: string, accountId: string | undefined): Promise<void> {
    if (this.#provider === undefined) throw new Error('the provider is not there')
    const code = await this.#provider.DeviceCode.findByUserCode(userCode.replaceAll(/[^A-Z0-9]/g, ''))
    if (code === undefined) throw new Error('there is no such user code')
    if (accountId === undefined) {
      code.error = 'access_denied'
    } else {
      const grant = new this.#provider.Grant({ accountId, clientId: code.params['client_id'] })
      grant.addOIDCScope('openid offline_access')
      grant.addResourceScope(OPAQUE, 'deploy watch')
      Object.assign(code, { accountId, grantId: await grant.save(), scope: 'openid offline_access deploy', resource: OPAQUE })
    }
    await code.save()
  }

  #post (path: string, client: string | undefined, form: Record<string, string>, certificate?: string): Promise<Response> {
    return fetch(this.url(path), {
      method: 'POST', body: new URLSearchParams(form),
      headers: {
        connection: 'close',
        ...client === undefined ? {} : { authorization: `Basic ${Buffer.from(`${client}:${client}-secret`).toString('base64')}` },
        ...certificate === undefined ? {} : { 'x-certificate': Buffer.from(certificate).toString('base64') },
      },
    })
  }
}

async function newKey (): Promise<JWK> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  return await exportJWK(privateKey)
}

const configuration = (key: JWK): object => ({
  clients: CLIENTS,
  jwks: { keys: [{ ...key, use: 'sig', alg: 'ES256' }] },
  clientDefaults: { id_token_signed_response_alg: 'ES256' },
  cookies: { keys: ['a key of the tests'] },
  findAccount: (_context: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id }) }),
  interactions: { url: () => '/interaction' },
  scopes: ['openid', 'offline_access'],
  ttl: { AccessToken: 600, ClientCredentials: 600, DeviceCode: 600, Grant: 3600, IdToken: 600, RefreshToken: 3600 },
  rotateRefreshToken: true,
  issueRefreshToken: () => true,
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    deviceFlow: { enabled: true },
    introspection: { enabled: true, allowedPolicy: () => true },
    revocation: { enabled: true, allowedPolicy: () => true },
    mTLS: {
      enabled: true, certificateBoundAccessTokens: true,
      getCertificate: (context: { get (name: string): string }) =>
        Buffer.from(context.get('x-certificate'), 'base64').toString() || undefined,
      certificateAuthorized: () => true, certificateSubjectMatches: () => true,
    },
    resourceIndicators: {
      enabled: true, defaultResource: () => OPAQUE, useGrantedResource: () => true,
      getResourceServerInfo: (_context: unknown, resource: string) => resource === JWT
        ? { ...RESOURCES, audience: resource, accessTokenFormat: 'jwt', jwt: { sign: { alg: 'ES256' } } }
        : { ...RESOURCES, audience: resource, accessTokenFormat: 'opaque' },
    },
  },
})
