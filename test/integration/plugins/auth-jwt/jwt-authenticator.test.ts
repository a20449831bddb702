import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { expect } from 'chai'
import { Secret } from '../../../../kernel/contract/index.js'
import type { AuthJwtConfig, IssuerKeys } from '../../../../plugins/auth-jwt/auth-jwt-config.js'
import { JwtAuthenticator } from '../../../../plugins/auth-jwt/jwt-authenticator.js'
import { codeOf } from '../../../support/code-of.js'
import { QuietContext } from '../../../support/quiet-context.js'
import { TemporaryFolder } from '../../../support/temporary-folder.js'
import { callWith, ISSUER, NEVER } from '../../../support/tokens/jwt-scene.js'
import { keySetOf, NOW, TokenMaker } from '../../../support/tokens/token-maker.js'
import { until } from '../../../support/until.js'
import { VirtualClock } from '../../../support/virtual-clock.js'

const CERTIFICATE = new Uint8Array([48, 1, 7])
const SECRET = 'a secret of more than thirty-two bytes, shared'

/** Files, because that is where keys come from here. */
describe('Callers with signed tokens', () => {
  let folder: TemporaryFolder
  let clock: VirtualClock
  let maker: TokenMaker
  let living: JwtAuthenticator[]
  let replaced: number

  before(async () => { maker = await TokenMaker.withKey('one') })

  beforeEach(() => {
    folder = new TemporaryFolder()
    clock = new VirtualClock()
    living = []
    replaced = 0
    writeFileSync(folder.file('keys.json'), keySetOf(maker))
  })

  afterEach(async () => {
    for (const authenticator of living) await authenticator.stop()
    folder.remove()
    expect(clock.pending).to.equal(0)
  })

  async function started (issuers: Record<string, Partial<IssuerKeys>>, more: Partial<AuthJwtConfig> = {}): Promise<JwtAuthenticator> {
    const keys = { ...ISSUER, key_file: folder.file('keys.json') }
    const config: AuthJwtConfig = {
      issuers: Object.fromEntries(Object.entries(issuers).map(([name, own]) => [name, { ...keys, ...own }])),
      max_token: 8192, cache_entries: 100, timeout: 5000, ...more,
    }
    const authenticator = new JwtAuthenticator(clock, config, new QuietContext('auth-jwt'), {
      note: ({ what }) => { if (what === 'issuer-keys-replaced') replaced += 1 },
    })
    living.push(authenticator)
    await authenticator.start()
    return authenticator
  }

  it('are known by the issuer that their token names', async () => {
    const shared = TokenMaker.withSecret(SECRET)
    const authenticator = await started({
      corporate: {}, scripts: { issuer: 'scripts', key_file: undefined, secret: new Secret(SECRET), algorithms: ['HS256'] },
    })
    expect((await authenticator.authenticate(callWith(await maker.token()), NEVER))?.name).to.equal('jwt:corporate/alice')
    expect((await authenticator.authenticate(callWith(await shared.token({ iss: 'scripts' })), NEVER))?.name).to.equal('jwt:scripts/alice')
    expect(await codeOf(authenticator.authenticate(callWith(await shared.token()), NEVER))).to.equal('CREDENTIAL_REFUSED')
    expect(await codeOf(authenticator.authenticate(callWith(await maker.token({ iss: 'scripts' })), NEVER))).to.equal('CREDENTIAL_REFUSED')
  })

  it('are left to others when they bring no token, or one that no known issuer claims to have made', async () => {
    const authenticator = await started({ corporate: {} })
    const others = await Promise.all([maker.token({ iss: 'https://elsewhere.test' }), maker.token({ iss: undefined })])
    for (const token of ['opaque', 'abc.def.ghi', 'a.b.c', ...others]) {
      expect(await authenticator.authenticate(callWith(token), NEVER), token).to.equal(undefined)
    }
    expect(await authenticator.authenticate({ ...callWith(''), headers: new Map() }, NEVER)).to.equal(undefined)
  })

  it('are refused, and not left to others, when a known issuer\'s name is on a token that is no good', async () => {
    const authenticator = await started({ corporate: {} }, { max_token: 600 })
    for (const token of [await maker.token({ aud: 'x' }), `${await maker.token()}=`, await maker.token({ more: 'x'.repeat(600) })]) {
      expect(await codeOf(authenticator.authenticate(callWith(token), NEVER))).to.equal('CREDENTIAL_REFUSED')
    }
  })

  it('are refused at the end of their token, also when it was taken before', async () => {
    const authenticator = await started({ corporate: {} })
    const call = callWith(await maker.token())
    expect(await authenticator.authenticate(call, NEVER)).to.equal(await authenticator.authenticate(call, NEVER))
    clock.jumpTo((NOW + 630) * 1000 - 1)
    expect(await authenticator.authenticate(call, NEVER)).not.to.equal(undefined)
    clock.jumpTo((NOW + 630) * 1000)
    expect(await codeOf(authenticator.authenticate(call, NEVER))).to.equal('CREDENTIAL_REFUSED')
  })

  it('are refused when their key is withdrawn, also when their token was taken before', async () => {
    const authenticator = await started({ corporate: {} })
    const call = callWith(await maker.token({ exp: NOW + 86_400 }))
    await authenticator.authenticate(call, NEVER)
    writeFileSync(folder.file('keys.json'), keySetOf(await TokenMaker.withKey('two')))
    clock.advance(300_000)
    await until(() => replaced === 2)
    expect(await codeOf(authenticator.authenticate(call, NEVER))).to.equal('CREDENTIAL_REFUSED')
  })

  it('are refused when the file of keys has been broken for long, also when their token was taken before', async () => {
    const authenticator = await started({ corporate: {} })
    const call = callWith(await maker.token({ exp: NOW + 86_400 }))
    await authenticator.authenticate(call, NEVER)
    writeFileSync(folder.file('keys.json'), 'broken')
    clock.advance(300_000)
    await until(() => authenticator.health().state === 'degraded')
    expect(await authenticator.authenticate(call, NEVER)).not.to.equal(undefined)
    clock.advance(3_600_001)
    expect(await codeOf(authenticator.authenticate(call, NEVER))).to.equal('CREDENTIAL_REFUSED')
  })

  it('need the certificate that their token is bound to, with every call', async () => {
    const authenticator = await started({ corporate: {} })
    const token = await maker.token({ cnf: { 'x5t#S256': createHash('sha256').update(CERTIFICATE).digest('base64url') } })
    expect((await authenticator.authenticate(callWith(token, CERTIFICATE), NEVER))?.name).to.equal('jwt:corporate/alice')
    expect(await codeOf(authenticator.authenticate(callWith(token), NEVER))).to.equal('CREDENTIAL_REFUSED')
    expect(await codeOf(authenticator.authenticate(callWith(token, CERTIFICATE.slice(1)), NEVER))).to.equal('CREDENTIAL_REFUSED')
    const strict = await started({ corporate: { certificate: 'required' } })
    expect(await codeOf(strict.authenticate(callWith(await maker.token(), CERTIFICATE), NEVER))).to.equal('CREDENTIAL_REFUSED')
  })

  describe('are not waited for', () => {
    const wrong: ReadonlyArray<readonly [what: string, keys: Partial<IssuerKeys>]> = [
      ['an issuer without a name', { issuer: '' }],
      ['no audience', { audience: [] }],
      ['no keys', { key_file: undefined }],
      ['two sources of keys', { secret: new Secret(SECRET) }],
      ['no algorithm', { algorithms: [] }],
      ['a secret\'s algorithm with public keys', { algorithms: ['ES256', 'HS256'] }],
      ['public keys\' algorithm with a secret', { key_file: undefined, secret: new Secret(SECRET), algorithms: ['HS256', 'ES256'] }],
      ['a short secret', { key_file: undefined, secret: new Secret('x'.repeat(47)), algorithms: ['HS256', 'HS384'] }],
      ['certificates without an URL', { ca_file: '/x' }],
      ['keys that end before they are read anew', { keys_keep: 1000 }],
    ]
    for (const [what, keys] of wrong) {
      it(`with ${what}`, async () => { expect(await codeOf(started({ corporate: keys }))).to.equal('JWT_ISSUER_MISCONFIGURED') })
    }

    it('without an issuer, or with two of one name', async () => {
      expect(await codeOf(started({}))).to.equal('JWT_ISSUER_MISCONFIGURED')
      expect(await codeOf(started({ one: {}, two: {} }))).to.equal('JWT_ISSUER_MISCONFIGURED')
    })

    it('with a file of keys that is not there, is none, or is too large', async () => {
      writeFileSync(folder.file('none'), '{}')
      writeFileSync(folder.file('large'), ' '.repeat(300_000))
      for (const name of ['missing', 'none', 'large']) {
        expect(await codeOf(started({ corporate: { key_file: folder.file(name) } })), name).to.equal('JWT_KEYS_UNUSABLE')
      }
    })
  })
})
