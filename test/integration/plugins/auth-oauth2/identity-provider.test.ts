import { X509Certificate } from 'node:crypto'
import { expect } from 'chai'
import { Secret, type Authenticator, type Principal } from '../../../../kernel/contract/index.js'
import type { AuthJwtConfig } from '../../../../plugins/auth-jwt/auth-jwt-config.js'
import { JwtAuthenticator } from '../../../../plugins/auth-jwt/jwt-authenticator.js'
import type { AuthOauth2Config } from '../../../../plugins/auth-oauth2/auth-oauth2-config.js'
import { Oauth2Authenticator } from '../../../../plugins/auth-oauth2/oauth2-authenticator.js'
import { pem } from '../../../support/certificates.js'
import { noEvents, QuietContext } from '../../../support/quiet-context.js'
import { IdentityProvider, JWT, OPAQUE, OTHER } from '../../../support/tokens/identity-provider.js'
import { callWith, ISSUER } from '../../../support/tokens/jwt-scene.js'
import { OAUTH2 } from '../../../support/tokens/oauth2-scene.js'
import { VirtualClock } from '../../../support/virtual-clock.js'

const der = (name: string): Uint8Array => new Uint8Array(new X509Certificate(pem(name)).raw)

/** A provider that others wrote, on loopback, so that what is agreed on is the standard and not our reading of it. */
describe('With a real identity provider', () => {
  const provider = new IdentityProvider()
  let clock: VirtualClock
  let living: Array<JwtAuthenticator | Oauth2Authenticator>

  before(async () => { await provider.start() })
  after(async () => { await provider.stop() })

  beforeEach(() => {
    clock = new VirtualClock(Date.now())
    living = []
  })

  afterEach(async () => {
    for (const authenticator of living) await authenticator.stop()
    expect(clock.pending).to.equal(0)
  })

  async function opaque (keys: Partial<AuthOauth2Config> = {}): Promise<Oauth2Authenticator> {
    const config = {
      ...OAUTH2, introspection_url: provider.url('/token/introspection'), issuer: provider.issuer, audience: [OPAQUE], ...keys,
    }
    const authenticator = new Oauth2Authenticator(clock, config, new QuietContext('auth-oauth2'), noEvents)
    living.push(authenticator)
    await authenticator.start()
    return authenticator
  }

  async function signed (): Promise<JwtAuthenticator> {
    const issuer = {
      ...ISSUER, issuer: provider.issuer, audience: [JWT], jwks_url: provider.url('/jwks'), key_file: undefined, role_claims: ['scope'],
      roles: { operator: { values: ['deploy'] } },
    }
    const config: AuthJwtConfig = { issuers: { real: issuer }, max_token: 8192, cache_entries: 100, timeout: 5000 }
    const authenticator = new JwtAuthenticator(clock, config, new QuietContext('auth-jwt'), noEvents)
    living.push(authenticator)
    await authenticator.start()
    return authenticator
  }

  const asked = (authenticator: Authenticator, token: string, certificate?: Uint8Array): Promise<Principal | undefined | string> =>
    authenticator.authenticate(callWith(token, certificate), new AbortController().signal)
      .catch((error: unknown) => error instanceof Error ? error.message : String(error))

  it('opaque tokens are known by their client and their scope, whichever way this server proves itself', async () => {
    const token = await provider.token(OPAQUE)
    const expected = { name: 'oauth2:client:ci', method: 'auth-oauth2', roles: ['operator'] }
    expect(await asked(await opaque(), token)).to.deep.equal(expected)
    const post = { client_auth: 'post', client_id: 'server-post', client_secret: new Secret('server-post-secret') } as const
    expect(await asked(await opaque(post), token)).to.deep.equal(expected)
  })

  it('a wrong secret of this server is said to be that, and refuses everybody', async () => {
    const authenticator = await opaque({ client_secret: new Secret('wrong') })
    expect(await asked(authenticator, await provider.token(OPAQUE))).to.match(/does not accept client_id and client_secret/)
    expect(authenticator.health().state).to.equal('degraded')
  })

  it('opaque tokens are refused once they are over, revoked, unknown, or for somebody else', async () => {
    const authenticator = await opaque({ cache_time: 3_600_000 })
    const token = await provider.token(OPAQUE)
    expect(await asked(authenticator, token)).to.be.an('object')
    clock.advance(600_000 + OAUTH2.clock_skew + 1000)
    expect(await asked(authenticator, token)).to.match(/it expired/)
    const revoked = await provider.token(OPAQUE)
    await provider.revoke(revoked)
    const fresh = await opaque()
    expect(await asked(fresh, revoked)).to.match(/does not know it, or no longer/)
    expect(await asked(fresh, 'invented')).to.match(/does not know it, or no longer/)
    expect(await asked(fresh, await provider.token(OTHER))).to.match(/for another audience/)
    expect(await asked(await opaque({ issuer: 'https://elsewhere.test' }), await provider.token(OPAQUE))).to.match(/from another issuer/)
  })

  it('a refresh token is no access token', async () => {
    const authenticator = await opaque({ audience: [] })
    const begun = await provider.beginDevice()
    await provider.answer(begun.user_code, 'alice')
    const tokens = await provider.endDevice(begun.device_code)
    const alice = { name: 'oauth2:alice', method: 'auth-oauth2', roles: ['operator'] }
    expect(await asked(authenticator, tokens.access_token)).to.deep.equal(alice)
    expect(await asked(authenticator, tokens.refresh_token)).to.match(/of another type than Bearer/)
    expect(await asked(await signed(), tokens.id_token)).to.match(/header names no type/)
  })

  it('bound tokens are good with their certificate only, opaque and signed', async () => {
    for (const [authenticator, resource] of [[await opaque(), OPAQUE], [await signed(), JWT]] as const) {
      const token = await provider.token(resource, 'bound', pem('client.pem'))
      expect(await asked(authenticator, token, der('client.pem')), resource).to.have.property('name').that.includes('bound')
      expect(await asked(authenticator, token, der('node.pem')), resource).to.match(/bound to another certificate/)
      expect(await asked(authenticator, token), resource).to.match(/the caller showed none/)
    }
  })

  it('signed tokens are known, and refused for somebody else, when they are over, and after one change', async () => {
    const authenticator = await signed()
    const token = await provider.token(JWT)
    expect(await asked(authenticator, token)).to.deep.equal({ name: 'jwt:real/ci', method: 'auth-jwt', roles: ['operator'] })
    expect(await asked(authenticator, `${token.slice(0, -4)}AAAA`)).to.match(/signature is wrong|canonical/)
    clock.jumpTo(Date.now() + 600_000 + ISSUER.clock_skew + 1000)
    expect(await asked(authenticator, token)).to.match(/it expired/)
  })

  it('signed tokens are left to others, unless the provider is to be asked about them, too', async () => {
    const token = await provider.token(JWT)
    expect(await asked(await opaque(), token)).to.equal(undefined)
    // This provider keeps none of them.
    expect(await asked(await opaque({ jwt: true }), token)).to.match(/does not know it, or no longer/)
  })

  it('the keys may change, and the provider may be away for a while', async () => {
    const [signedBy, opaqueBy] = [await signed(), await opaque()]
    const [old, known] = [await provider.token(JWT), await provider.token(OPAQUE)]
    expect(await asked(signedBy, old)).to.be.an('object')
    expect(await asked(opaqueBy, known)).to.be.an('object')
    await provider.stop()
    expect(await asked(signedBy, old), 'the last keys hold').to.be.an('object')
    expect(await asked(opaqueBy, known), 'the last answer holds').to.be.an('object')
    clock.advance(OAUTH2.cache_time)
    expect(await asked(opaqueBy, known)).to.match(/could not be asked/)
    await provider.start('second')
    const young = await provider.token(JWT)
    expect(await asked(signedBy, young)).to.be.an('object')
    expect(await asked(signedBy, old), 'its key is gone').to.match(/a key that the issuer does not have/)
    clock.advance(OAUTH2.retry)
    expect(await asked(opaqueBy, await provider.token(OPAQUE))).to.be.an('object')
  })
})
