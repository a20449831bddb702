import { expect } from 'chai'
import fc from 'fast-check'
import { Secret, type WebAnswer } from '../../../../kernel/contract/index.js'
import type { AuthOauth2Config } from '../../../../plugins/auth-oauth2/auth-oauth2-config.js'
import { Oauth2ProviderFailed } from '../../../../plugins/auth-oauth2/auth-oauth2-errors.js'
import { isOurs } from '../../../../plugins/auth-oauth2/bearer-kind.js'
import { IntrospectionEndpoint } from '../../../../plugins/auth-oauth2/introspection-endpoint.js'
import { OAUTH2, ProviderStub } from '../../../support/tokens/oauth2-scene.js'
import { partOf } from '../../../support/tokens/token-maker.js'

describe('Questions about a token', () => {
  let provider: ProviderStub

  beforeEach(() => { provider = new ProviderStub() })

  const ask = (keys: Partial<AuthOauth2Config> = {}): Promise<unknown> =>
    new IntrospectionEndpoint({ ...OAUTH2, ...keys }, provider).claimsOf('a token&x=1', new AbortController().signal)

  const failure = async (answer: WebAnswer): Promise<string> => {
    provider.answer = () => answer
    return await ask().then(() => 'answered', (error: unknown) => Oauth2ProviderFailed.is(error) ? error.details.because : String(error))
  }

  it('carry the token, and the client in a header, each half of it written as in a form', async () => {
    await ask({ client_id: 'a:b c', client_secret: new Secret('pä+/=') })
    const [request] = provider.asked
    expect(request?.method).to.equal('POST')
    expect(request?.body).to.equal('token=a+token%26x%3D1&token_type_hint=access_token')
    expect(Buffer.from(request?.headers?.['authorization']?.replace('Basic ', '') ?? '', 'base64').toString())
      .to.equal('a%3Ab+c:p%C3%A4%2B%2F%3D')
  })

  it('carry the client in the form where the provider wants it so, and then in no header', async () => {
    await ask({ client_auth: 'post' })
    expect(provider.asked[0]?.body).to.match(/&client_id=server&client_secret=server-secret$/)
    expect(provider.asked[0]?.headers).not.to.have.property('authorization')
  })

  it('are answered by the claims of an active token, and by nothing for another', async () => {
    provider.answer = () => ({ status: 200, body: '{"active":true,"sub":"a"}' })
    expect(await ask()).to.deep.equal({ active: true, sub: 'a' })
    provider.answer = () => ({ status: 200, body: '{"active":false,"sub":"a"}' })
    expect(await ask()).to.equal(undefined)
  })

  it('fail with any other status, and say so when it is the server\'s own credential that is refused', async () => {
    expect(await failure({ status: 401, body: '{"active":true}' })).to.match(/does not accept client_id and client_secret/)
    expect(await failure({ status: 400, body: '{"error":"invalid_client"}' })).to.match(/does not accept client_id and client_secret/)
    for (const status of [201, 204, 302, 404, 429, 500]) {
      expect(await failure({ status, body: '{"active":true}' })).to.equal(`its answer has the status ${status}`)
    }
  })

  it('are answered by nothing for a token whose form the provider does not take, which is no fault of the provider', async () => {
    provider.answer = () => ({ status: 400, body: '{"error":"unsupported_token_type"}' })
    expect(await ask()).to.equal(undefined)
  })

  it('fail with an answer that says nothing, and let nobody in, whatever it is', async () => {
    const near = ['{"active":"true"}', '{"active":1}', '{"active":null}', '{"Active":true}']
    for (const body of [...near, '', 'x', 'null', '[]', '1', '"active"', '{}', '<html>']) {
      expect(await failure({ status: 200, body }), body).to.equal('its answer does not say whether the token is active')
    }
    await fc.assert(fc.asyncProperty(fc.oneof(fc.json(), fc.string()), async body => {
      expect(await failure({ status: 200, body })).to.equal('its answer does not say whether the token is active')
    }), { numRuns: process.env['CAXTON_TEST_LONG'] === '1' ? 10_000 : 200 })
  })
})

describe('A bearer', () => {
  const jwt = `${partOf({ alg: 'ES256' })}.${partOf({ iss: 'https://id.test' })}.c2ln`

  it('is asked about unless it is an API key or a signed token', () => {
    for (const token of ['opaque', 'a.b', 'a.b.c', 'a.b.c.d', `${jwt}.x`, `${partOf({ typ: 'x' })}.e30.c2ln`, '...', 'CAX_a']) {
      expect(isOurs(token, undefined), token).to.equal(true)
    }
    for (const token of ['cax_', 'cax_abc_def', jwt, `${partOf({ alg: 'none' })}.e30.`]) {
      expect(isOurs(token, undefined), token).to.equal(false)
    }
  })

  it('that is a signed token is asked about if it is of the issuer that is', () => {
    expect(isOurs(jwt, 'https://id.test')).to.equal(true)
    expect(isOurs(jwt, 'https://elsewhere.test')).to.equal(false)
    expect(isOurs('cax_abc_def', 'https://id.test')).to.equal(false)
  })
})
