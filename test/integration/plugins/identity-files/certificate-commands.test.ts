import { execFileSync } from 'node:child_process'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { expect } from 'chai'
import { securityCommands } from '../../../../plugins/identity-files/security-commands.js'
import { kernelIndex, runCommand, type Outcome } from '../../../support/command/run-command.js'
import { TemporaryFolder } from '../../../support/temporary-folder.js'
import { VirtualClock } from '../../../support/virtual-clock.js'

const DAY = 24 * 3600 * 1000
const index = { ...kernelIndex, commands: securityCommands.map(command => ({ ...command, from: 'identity-files' })) }

interface StatusRow {
  readonly file: string
  readonly kind: string
  readonly state: string
  readonly trustedBy: readonly string[]
}

const openssl = (...words: string[]): string => execFileSync('openssl', words, { encoding: 'utf8', stdio: 'pipe' })

describe('caxton security, after the first certificates', () => {
  let folder: TemporaryFolder
  let clock: VirtualClock

  const file = (name: string): string => folder.file('tls', name)
  const text = (name: string): string => readFileSync(file(name), 'utf8')
  const certificate = (name: string): X509Certificate => new X509Certificate(text(name))
  const security = (...words: string[]): Promise<Outcome> =>
    runCommand(['security', ...words, ...words.includes('--dir') || words[0] === 'request' ? [] : ['--dir', folder.file('tls')]],
      { index, clock })

  async function made (...nodes: string[]): Promise<void> {
    expect((await security('init-ca')).code).to.equal(0)
    for (const node of nodes) expect((await security('gen-cert', '--node-id', node)).code).to.equal(0)
  }

  /** The error code of a command that must fail and leave everything as it was. */
  async function refusal (...words: string[]): Promise<string> {
    const snapshot = (): unknown => readdirSync(folder.file('tls')).sort().map(name => [name, text(name)])
    const before = snapshot()
    const { code, stderr } = await security(...words)
    expect([code === 0, snapshot()]).to.deep.equal([false, before])
    return /code ([A-Z_]+)/.exec(stderr)?.[1] ?? stderr
  }

  beforeEach(() => {
    folder = new TemporaryFolder()
    clock = new VirtualClock(Date.now())
  })

  afterEach(() => { folder.remove() })

  describe('gen-client-cert', () => {
    it('makes a certificate for a client, which can not serve', async () => {
      await made()
      const names = ['--email', 'ann@example.com', '--uri', 'spiffe://example.com/ann']
      const { code, stderr } = await security('gen-client-cert', '--cn', 'ann', ...names)
      expect(code).to.equal(0)
      expect(stderr).to.contain('--client-cert').and.contain('--client-key')
      const verify = (purpose: string): string =>
        openssl('verify', '-x509_strict', '-purpose', purpose, '-CAfile', file('ca.pem'), file('client-ann.pem'))
      expect(verify('sslclient')).to.contain('OK')
      expect(() => verify('sslserver')).to.throw()
      expect(certificate('client-ann.pem').subjectAltName).to.equal('email:ann@example.com, URI:spiffe://example.com/ann')
      expect(statSync(file('client-ann.key')).mode & 0o777).to.equal(0o600)
    })

    it('refuses names that could leave the folder', async () => {
      await made()
      for (const cn of ['../ann', '', 'a/b', 'x'.repeat(65)]) {
        expect(await refusal('gen-client-cert', `--cn=${cn}`)).to.equal('CERTIFICATE_NAME_INVALID')
      }
    })
  })

  describe('renew', () => {
    it('makes a new key and certificate for the same names, and leaves the old one good', async () => {
      await made()
      await security('gen-cert', '--node-id', 'node-1', '--host', 'a.example.com', '--validity', '20d')
      const old = certificate('node-1.pem')
      clock = new VirtualClock(Date.now() + 10 * DAY)
      expect((await security('renew', file('node-1.pem'))).code).to.equal(0)
      const renewed = certificate('node-1.pem')
      expect(renewed.subjectAltName).to.equal(old.subjectAltName)
      expect(renewed.publicKey.equals(old.publicKey)).to.equal(false)
      expect(Math.round((Date.parse(renewed.validTo) - Date.parse(old.validTo)) / DAY)).to.equal(10)
      expect(old.verify(certificate('ca.pem').publicKey)).to.equal(true)
      expect(renewed.checkPrivateKey(createPrivateKey(text('node-1.key')))).to.equal(true)
    })

    it('renews a client as a client', async () => {
      await made()
      await security('gen-client-cert', '--cn', 'ann')
      expect((await security('renew', file('client-ann.pem'), '--validity', '5d')).code).to.equal(0)
      expect(certificate('client-ann.pem').keyUsage).to.deep.equal(['1.3.6.1.5.5.7.3.2'])
    })

    it('renews for a key that never leaves its machine, by a request, under the names of the old certificate', async () => {
      await made('node-1')
      expect((await security('request', file('node-1.pem'))).code).to.equal(0)
      expect(statSync(file('node-1.next.key')).mode & 0o777).to.equal(0o600)
      const [oldKey, { subjectAltName }] = [text('node-1.key'), certificate('node-1.pem')]
      expect((await security('renew', file('node-1.pem'), '--request', file('node-1.csr'))).code).to.equal(0)
      const renewed = certificate('node-1.pem')
      expect(renewed.checkPrivateKey(createPrivateKey(text('node-1.next.key')))).to.equal(true)
      expect(renewed.subjectAltName).to.equal(subjectAltName)
      expect(text('node-1.key')).to.equal(oldKey)
      expect(openssl('verify', '-x509_strict', '-CAfile', file('ca.pem'), file('node-1.pem'))).to.contain('OK')
      expect(openssl('req', '-in', file('node-1.csr'), '-noout', '-verify', '-subject')).to.contain('CN = node-1')
    })

    it('replaces no key for which a certificate may be on its way', async () => {
      await made('node-1')
      await security('request', file('node-1.pem'))
      expect(await refusal('request', file('node-1.pem'))).to.equal('CERTIFICATE_FILE_EXISTS')
    })

    it('signs no request of another node, without its key, of another kind, or damaged, and for no certificate of others', async () => {
      await made('node-1', 'node-2')
      await security('request', file('node-2.pem'))
      const renew = (request: string): Promise<string> => refusal('renew', file('node-1.pem'), '--request', file(request))
      expect(await renew('node-2.csr')).to.equal('CERTIFICATE_REQUEST_UNUSABLE')
      await security('request', file('node-1.pem'))
      const der = Buffer.from(text('node-1.csr').replaceAll(/-----.*-----|\s/g, ''), 'base64')
      const broken = (at: number): string => {
        const bytes = Buffer.from(der)
        bytes[at] = (bytes[at] ?? 0) ^ 1
        return `-----BEGIN CERTIFICATE REQUEST-----\n${bytes.toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`
      }
      for (let at = 0; at < der.length; at += 7) {
        writeFileSync(file('broken.csr'), broken(at))
        expect(await renew('broken.csr'), `bit of byte ${at}`).to.equal('CERTIFICATE_REQUEST_UNUSABLE')
      }
      openssl('req', '-new', '-newkey', 'rsa:2048', '-nodes', '-keyout', file('rsa.key'), '-subj', '/CN=node-1', '-out', file('rsa.csr'))
      expect(await renew('rsa.csr')).to.equal('CERTIFICATE_REQUEST_UNUSABLE')
      expect(await renew('ca.pem')).to.equal('CERTIFICATE_REQUEST_UNUSABLE')
      const words = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', file('own.key')]
      openssl('req', ...words, '-subj', '/CN=node-1', '-addext', 'extendedKeyUsage=serverAuth,clientAuth', '-out', file('own.pem'))
      expect(await refusal('renew', file('own.pem'), '--request', file('node-1.csr'))).to.equal('CERTIFICATE_NOT_RENEWABLE')
    })

    it('does not renew an authority', async () => {
      await made()
      expect(await refusal('renew', file('ca.pem'))).to.equal('CERTIFICATE_NOT_RENEWABLE')
    })
  })

  describe('revoke', () => {
    it('makes a list that openssl believes, and adds to it', async () => {
      await made('node-1', 'node-2', 'node-3')
      expect((await security('revoke', file('node-1.pem'))).code).to.equal(0)
      expect((await security('revoke', '--serial', certificate('node-2.pem').serialNumber)).code).to.equal(0)
      const verify = (name: string): string =>
        openssl('verify', '-crl_check', '-CRLfile', file('ca.crl'), '-CAfile', file('ca.pem'), file(name))
      expect(() => verify('node-1.pem')).to.throw(/revoked/)
      expect(() => verify('node-2.pem')).to.throw(/revoked/)
      expect(verify('node-3.pem')).to.contain('OK')
    })

    it('only makes the list anew where nothing is named', async () => {
      await made('node-1')
      await security('revoke', file('node-1.pem'))
      clock = new VirtualClock(Date.now() + 100 * DAY)
      const { stdout } = await security('revoke', '--output', 'json')
      expect(JSON.parse(stdout)).to.have.property('revoked').with.length(1)
    })

    it('adds nothing to the list of another authority, and nothing that another one signed', async () => {
      await made('node-1')
      await security('revoke')
      await security('init-ca', '--force')
      expect(await refusal('revoke', file('node-1.pem'))).to.equal('REVOCATION_LIST_UNUSABLE')
      expect(await refusal('revoke', file('node-1.pem'), '--list', file('other.crl'))).to.equal('CERTIFICATE_NOT_RENEWABLE')
      expect(await refusal('revoke', '--serial', 'xyz', '--list', file('other.crl'))).to.equal('CERTIFICATE_NAME_INVALID')
    })
  })

  describe('status', () => {
    const rows = async (): Promise<{ code: number, states: Record<string, string> }> => {
      const { code, stdout } = await security('status', '--output', 'json')
      const { certificates } = JSON.parse(stdout) as { certificates: StatusRow[] }
      const states: Record<string, string> = {}
      for (const { file: name, kind, state, trustedBy } of certificates) states[name] = `${kind} ${state} ${trustedBy.join()}`
      return { code, states }
    }

    it('shows every certificate, its age, and which authority trusts it', async () => {
      await made('node-1')
      await security('gen-client-cert', '--cn', 'ann', '--validity', '20d')
      await security('revoke')
      expect(await rows()).to.deep.equal({ code: 0, states: {
        'ca.pem': 'authority good ca.pem', 'client-ann.pem': 'client ending ca.pem', 'node-1.pem': 'node good ca.pem',
        'ca.crl': 'revocations good ',
      } })
    })

    it('ends with 1 when something is over, revoked, unreadable or trusted by nobody there', async () => {
      await made('node-1')
      await security('gen-cert', '--node-id', 'node-2', '--validity', '5d')
      await security('revoke', file('node-1.pem'))
      writeFileSync(file('odd.pem'), 'nothing')
      clock = new VirtualClock(Date.now() + 6 * DAY)
      const { code, states } = await rows()
      expect(code).to.equal(1)
      expect(states['node-1.pem']).to.equal('node revoked ca.pem')
      expect(states['node-2.pem']).to.equal('node expired ca.pem')
      expect(states['odd.pem']).to.match(/^unreadable /)
    })
  })
})
