import { createHmac, createPublicKey, type JsonWebKey } from 'node:crypto'
import { expect } from 'chai'
import { JwtScene } from '../../../support/tokens/jwt-scene.js'
import { CLAIMS, jsonOf, keySetOf, NOW, partOf, TokenMaker, withPart } from '../../../support/tokens/token-maker.js'

const SKEW = 30
const NOT_ALLOWED = 'it is signed with an algorithm that is not allowed'

describe('The issuer of a token', () => {
  let maker: TokenMaker
  let scene: JwtScene

  before(async () => { maker = await TokenMaker.withKey('one') })

  beforeEach(async () => {
    scene = new JwtScene(keySetOf(maker))
    await scene.ring.start()
  })

  afterEach(async () => {
    await scene.ring.stop()
    expect(scene.clock.pending).to.equal(0)
  })

  const refusalOf = async (claims: object, header: object = {}): Promise<string> => scene.refusal(await maker.token(claims, header))

  it('vouches for its caller, by the name and the roles that the configuration makes of the claims', async () => {
    expect(await scene.principalOf(await maker.token())).to.deep.equal({
      name: 'jwt:corporate/alice', method: 'auth-jwt', roles: ['operator'],
    })
  })

  for (const alg of ['RS256', 'EdDSA']) {
    it(`vouches by ${alg}`, async () => {
      const other = await TokenMaker.withKey('two', alg)
      scene.published.text = keySetOf(maker, other)
      await scene.clock.pass(300_000)
      expect(await scene.refusal(await other.token())).to.equal('accepted')
    })
  }

  it('refuses a token without a signature, however "none" is written', async () => {
    const payload = partOf(CLAIMS)
    for (const alg of ['none', 'None', 'NONE', 'nOnE', '']) {
      for (const signature of ['', 'AA']) {
        expect(await scene.refusal(`${partOf({ alg, typ: 'at+jwt', kid: 'one' })}.${payload}.${signature}`), alg).to.not.equal('accepted')
      }
    }
    expect(await scene.refusal(`${partOf({ alg: 'none', typ: 'at+jwt' })}.${payload}.AA`)).to.equal(NOT_ALLOWED)
  })

  it('refuses its public key for a secret, in every form in which it is published', async () => {
    const pem = createPublicKey({ key: maker.jwk as JsonWebKey, format: 'jwk' }).export({ type: 'spki', format: 'pem' }).toString()
    for (const secret of [pem, pem.trim(), JSON.stringify(maker.jwk), keySetOf(maker), maker.jwk.x ?? '', '']) {
      const signed = `${partOf({ alg: 'HS256', typ: 'at+jwt', kid: 'one' })}.${partOf(CLAIMS)}`
      const signature = createHmac('sha256', secret).update(signed).digest('base64url')
      expect(await scene.refusal(`${signed}.${signature}`)).to.equal(NOT_ALLOWED)
    }
  })

  it('refuses an algorithm that is known but not allowed', async () => {
    const other = await TokenMaker.withKey('three', 'ES384')
    scene.published.text = keySetOf(maker, other)
    await scene.clock.pass(300_000)
    expect(await scene.refusal(await other.token())).to.equal(NOT_ALLOWED)
  })

  it('refuses a token that was signed by another key under the name of its own', async () => {
    const stranger = await TokenMaker.withKey('one')
    expect(await scene.refusal(await stranger.token())).to.equal('its signature is wrong')
  })

  it('refuses the name of a key of another kind', async () => {
    const edwards = await TokenMaker.withKey('one', 'EdDSA')
    expect(await scene.refusal(await edwards.token())).to.equal('it is signed with a key that the issuer does not have')
  })

  it('refuses a token that brings its key along', async () => {
    const stranger = await TokenMaker.withKey('stranger')
    for (const header of [{ jwk: stranger.jwk }, { jku: 'https://evil.test/keys' }, { x5u: 'https://evil.test/chain' }, { x5c: ['AA=='] }]) {
      expect(await scene.refusal(await stranger.token({}, header))).to.match(/^its header has "(jwk|jku|x5u|x5c)"$/)
      expect(await scene.refusal(await maker.token({}, header))).to.match(/^its header has "(jwk|jku|x5u|x5c)"$/)
    }
    expect(scene.published.readings).to.equal(1)
  })

  it('refuses extensions that have to be understood', async () => {
    const token = await maker.token({}, { 'crit': ['urn:example:extension'], 'urn:example:extension': 1 })
    expect(await scene.refusal(token)).to.equal('its header has "crit"')
  })

  it('refuses what was changed under the signature', async () => {
    const token = await maker.token()
    expect(await scene.refusal(withPart(token, 1, () => partOf({ ...CLAIMS, sub: 'root' })))).to.equal('its signature is wrong')
    const retyped = withPart(token, 0, () => partOf({ ...jsonOf(token, 0), typ: 'application/at+jwt' }))
    expect(await scene.refusal(retyped)).to.equal('its signature is wrong')
    for (const signature of ['AA', partOf('x'), 'A'.repeat(86)]) {
      expect(await scene.refusal(withPart(token, 2, () => signature))).to.equal('its signature is wrong')
    }
  })

  it('takes access tokens only, unless other tokens are allowed, and then none of a third kind', async () => {
    for (const typ of ['at+jwt', 'AT+JWT', 'application/at+jwt']) expect(await refusalOf({}, { typ }), typ).to.equal('accepted')
    for (const typ of ['JWT', 'logout+jwt', 'secevent+jwt', 'dpop+jwt']) {
      expect(await refusalOf({}, { typ }), typ).to.equal('it is of another type')
    }
    expect(await refusalOf({}, { typ: undefined })).to.equal('its header names no type')

    const lenient = new JwtScene(keySetOf(maker), { type: 'jwt' })
    await lenient.ring.start()
    for (const typ of ['at+jwt', 'JWT', undefined]) expect(await lenient.refusal(await maker.token({}, { typ }))).to.equal('accepted')
    expect(await lenient.refusal(await maker.token({}, { typ: 'dpop+jwt' }))).to.equal('it is of another type')
    await lenient.ring.stop()
  })

  it('refuses a token of another issuer, for another audience or for none', async () => {
    expect(await refusalOf({ iss: 'https://id.test/' })).to.equal('it is from another issuer')
    expect(await refusalOf({ iss: ['https://id.test'] })).to.equal('it is from another issuer')
    expect(await refusalOf({ aud: 'other' })).to.equal('it is for another audience')
    expect(await refusalOf({ aud: [] })).to.equal('it is for another audience')
    expect(await refusalOf({ aud: { caxton: 1 } })).to.equal('it is for another audience')
    expect(await refusalOf({ aud: undefined })).to.equal('it has no audience')
    expect(await refusalOf({ aud: ['other', 'caxton'] })).to.equal('accepted')
  })

  it('takes a token until its end, the skew included, and not at that moment', async () => {
    const token = await maker.token()
    scene.clock.jumpTo((NOW + 600 + SKEW) * 1000 - 1)
    expect(await scene.refusal(token)).to.equal('accepted')
    scene.clock.jumpTo((NOW + 600 + SKEW) * 1000)
    expect(await scene.refusal(token)).to.equal('it expired 30 s ago')
  })

  it('takes a token from its beginning on, the skew included', async () => {
    const token = await maker.token({ nbf: NOW + 60 })
    scene.clock.jumpTo((NOW + 60 - SKEW) * 1000 - 1)
    expect(await scene.refusal(token)).to.equal('it is not valid before 31 s from now')
    scene.clock.jumpTo((NOW + 60 - SKEW) * 1000)
    expect(await scene.refusal(token)).to.equal('accepted')
  })

  it('refuses a token of the future, one that never ends, and times that are none', async () => {
    expect(await refusalOf({ iat: NOW + SKEW })).to.equal('accepted')
    expect(await refusalOf({ iat: NOW + SKEW + 1 })).to.equal('it was issued 31 s in the future')
    expect(await refusalOf({ exp: undefined })).to.equal('it never expires')
    for (const name of ['exp', 'nbf', 'iat']) expect(await refusalOf({ [name]: String(NOW) })).to.equal(`"${name}" is not a number`)
    expect(await refusalOf({ exp: null })).to.equal('"exp" is not a number')
  })

  it('refuses a token that is older than the operator wants, whatever it says of its end', async () => {
    const strict = new JwtScene(keySetOf(maker), { max_age: 60_000 })
    await strict.ring.start()
    const token = await maker.token({ exp: NOW + 86_400 })
    strict.clock.jumpTo((NOW + 60 + SKEW) * 1000 - 1)
    expect(await strict.refusal(token)).to.equal('accepted')
    strict.clock.jumpTo((NOW + 60 + SKEW) * 1000)
    expect(await strict.refusal(token)).to.equal('it is older than it may be')
    expect(await strict.refusal(await maker.token({ iat: undefined, exp: NOW + 120 }))).to.equal('it does not say when it was issued')
    await strict.ring.stop()
  })

  it('refuses a token that is bound to something that can not be checked', async () => {
    for (const cnf of [{ jkt: 'x' }, { jwk: {} }, { 'x5t#S256': 'x', 'jkt': 'y' }, { 'x5t#S256': 1 }, {}, [], 'x', null]) {
      expect(await refusalOf({ cnf }), JSON.stringify(cnf)).to.equal('it is bound to something other than a certificate')
    }
  })
})
