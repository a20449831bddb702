import { expect } from 'chai'
import fc from 'fast-check'
import { awaitDevice } from '../../../../../kernel/command/login/device-login.js'
import { IdentityProvider } from '../../../../../kernel/command/login/identity-provider.js'
import { isCaxtonError, type Web, type WebAnswer, type WebRequest } from '../../../../../kernel/contract/index.js'
import { settled, VirtualClock } from '../../../../support/virtual-clock.js'

const ISSUER = 'https://id.test'
const METADATA = { issuer: ISSUER, token_endpoint: `${ISSUER}/token`, device_authorization_endpoint: `${ISSUER}/device` }
const DEVICE = { device_code: 'device', user_code: 'ABCD-EFGH', verification_uri: `${ISSUER}/go`, expires_in: 60 }
const GRANT = { access_token: 'token', token_type: 'Bearer', expires_in: 600 }
const PENDING = { status: 400, body: '{"error":"authorization_pending"}' }

/** Answers in turn for each path, and with the last again and again. */
class Script implements Web {
  readonly asked: WebRequest[] = []

  constructor (private readonly answers: Record<string, Array<WebAnswer | Error>>) {}

  async ask (request: WebRequest): Promise<WebAnswer> {
    this.asked.push(request)
    const left = this.answers[request.url.pathname] ?? []
    const answer = left.length > 1 ? left.shift() : left[0]
    if (answer instanceof Error) throw answer
    return answer ?? { status: 404, body: '' }
  }

  times (path: string): number {
    return this.asked.filter(({ url }) => url.pathname === path).length
  }
}

const ok = (value: unknown): WebAnswer => ({ status: 200, body: JSON.stringify(value) })
const signal = new AbortController().signal

function scripted (answers: Record<string, Array<WebAnswer | Error>>): Script {
  return new Script({ '/.well-known/openid-configuration': [ok(METADATA)], '/device': [ok(DEVICE)], ...answers })
}

const codeOf = (error: unknown): string => isCaxtonError(error) ? error.code : String(error)

describe('A login by a device code', () => {
  let clock: VirtualClock

  beforeEach(() => { clock = new VirtualClock() })

  async function logIn (web: Script): Promise<string> {
    const provider = await IdentityProvider.discover(ISSUER, web, signal)
    const device = await provider.beginDevice({ client_id: 'caxton' }, signal)
    return await awaitDevice(provider, device, 'caxton', clock, signal).then(({ token }) => token, codeOf)
  }

  async function outcome (web: Script, milliseconds: number): Promise<string> {
    const waiting = logIn(web)
    await settled()
    await clock.pass(milliseconds)
    const result = await Promise.race([waiting, settled().then(() => 'still waiting')])
    expect(clock.pending).to.equal(result === 'still waiting' ? 1 : 0)
    return result
  }

  it('asks every five seconds until it is confirmed', async () => {
    const web = scripted({ '/token': [PENDING, PENDING, ok(GRANT)] })
    expect(await outcome(web, 15_000)).to.equal('token')
    expect(web.times('/token')).to.equal(3)
  })

  it('asks more seldom when it is told to, and when it gets no answer', async () => {
    for (const answer of [{ status: 400, body: '{"error":"slow_down"}' }, new Error('no answer')]) {
      clock = new VirtualClock()
      const web = scripted({ '/token': [answer, ok(GRANT)] })
      expect(await outcome(web, 14_999)).to.equal('still waiting')
      clock = new VirtualClock()
      expect(await outcome(scripted({ '/token': [answer, ok(GRANT)] }), 15_000)).to.equal('token')
    }
  })

  it('asks as often as the provider says', async () => {
    const web = scripted({ '/device': [ok({ ...DEVICE, interval: 1 })], '/token': [PENDING, ok(GRANT)] })
    expect(await outcome(web, 2000)).to.equal('token')
  })

  it('gives up when it was refused or has taken too long', async () => {
    for (const error of ['access_denied', 'expired_token', 'invalid_grant']) {
      clock = new VirtualClock()
      expect(await outcome(scripted({ '/token': [{ status: 400, body: JSON.stringify({ error }) }] }), 5000)).to.equal('LOGIN_REFUSED')
    }
    clock = new VirtualClock()
    expect(await outcome(scripted({ '/token': [PENDING] }), 60_000)).to.equal('LOGIN_REFUSED')
    clock = new VirtualClock()
    expect(await outcome(scripted({ '/token': [new Error('no answer')] }), 100_000)).to.equal('LOGIN_PROVIDER_FAILED')
  })
})

describe('An identity provider', () => {
  it('is found where either standard puts its description', async () => {
    const web = new Script({ '/.well-known/oauth-authorization-server/a': [ok({ ...METADATA, issuer: `${ISSUER}/a` })] })
    await IdentityProvider.discover(`${ISSUER}/a`, web, signal)
    expect(web.asked.map(({ url }) => url.pathname)).to.deep.equal([
      '/a/.well-known/openid-configuration', '/.well-known/oauth-authorization-server/a',
    ])
  })

  it('is no good when it describes another issuer, nothing, or endpoints without protection', async () => {
    for (const body of [{ ...METADATA, issuer: 'https://evil.test' }, {}, [], null]) {
      const failure = IdentityProvider.discover(ISSUER, scripted({ '/.well-known/openid-configuration': [ok(body)] }), signal)
      expect(await failure.then(() => 'found', codeOf)).to.equal('LOGIN_PROVIDER_FAILED')
    }
    const open = scripted({ '/.well-known/openid-configuration': [ok({ ...METADATA, token_endpoint: 'http://id.test/token' })] })
    const provider = await IdentityProvider.discover(ISSUER, open, signal)
    expect(await provider.token({}, undefined, signal).then(() => 'asked', codeOf)).to.equal('LOGIN_PROVIDER_FAILED')
    expect(open.times('/token')).to.equal(0)
  })

  it('gives a code that can be shown, or none', async () => {
    for (const odd of [
      { user_code: 'a\u001b[2J' }, { user_code: '' }, { user_code: 7 }, { user_code: 'x'.repeat(65) }, { device_code: 1 },
      { expires_in: 0 }, { expires_in: 'x' }, { verification_uri: 'javascript:alert(1)' }, { verification_uri: 'http://id.test/go' },
      { verification_uri: undefined },
    ]) {
      const provider = await IdentityProvider.discover(ISSUER, scripted({ '/device': [ok({ ...DEVICE, ...odd })] }), signal)
      expect(await provider.beginDevice({}, signal).then(() => 'given', codeOf), JSON.stringify(odd)).to.equal('LOGIN_PROVIDER_FAILED')
    }
  })

  it('gives a bearer token that fits a header, or none', async () => {
    const tokens = [{ access_token: 1 }, { access_token: 'a\r\nb' }, { access_token: '' }]
    for (const odd of [...tokens, { token_type: 'DPoP' }, { token_type: undefined }]) {
      const provider = await IdentityProvider.discover(ISSUER, scripted({ '/token': [ok({ ...GRANT, ...odd })] }), signal)
      expect(await provider.token({}, undefined, signal).then(() => 'given', codeOf), JSON.stringify(odd))
        .to.be.oneOf(['LOGIN_PROVIDER_FAILED', 'COMMAND_CREDENTIAL_INVALID'])
    }
  })

  it('gives a token or a declared error, whatever it answers', async () => {
    const answer = fc.record({ status: fc.constantFrom(200, 400, 500), body: fc.oneof(fc.json(), fc.string()) })
    await fc.assert(fc.asyncProperty(answer, async given => {
      const provider = await IdentityProvider.discover(ISSUER, scripted({ '/token': [given], '/device': [given] }), signal)
      const outcomes = [await provider.token({}, undefined, signal).catch(codeOf), await provider.beginDevice({}, signal).catch(codeOf)]
      for (const outcome of outcomes) if (typeof outcome === 'string') expect(outcome).to.match(/^[A-Z_]+$/)
    }))
  })
})
