import { execFileSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { connect, createServer, type TLSSocket } from 'node:tls'
import { expect } from 'chai'
import fc from 'fast-check'
import { parse } from 'smol-toml'
import { FileIdentity } from '../../../../plugins/identity-files/file-identity.js'
import { securityCommands } from '../../../../plugins/identity-files/security-commands.js'
import { kernelIndex, runCommand, type Outcome } from '../../../support/command/run-command.js'
import { noEvents, noMetrics, QuietContext } from '../../../support/quiet-context.js'
import { TemporaryFolder } from '../../../support/temporary-folder.js'
import { VirtualClock } from '../../../support/virtual-clock.js'

const NO_RENEWAL = { revoked: undefined, authority_key: undefined, renew_before: 0 }
const DAY = 24 * 3600 * 1000
const index = { ...kernelIndex, commands: securityCommands.map(command => ({ ...command, from: 'identity-files' })) }

describe('caxton security', () => {
  let folder: TemporaryFolder
  let clock: VirtualClock

  const file = (name: string): string => folder.file('tls', name)
  const text = (name: string): string => readFileSync(file(name), 'utf8')
  const certificate = (name: string): X509Certificate => new X509Certificate(text(name))
  const security = (...words: string[]): Promise<Outcome> =>
    runCommand(['security', ...words, ...words.includes('--dir') ? [] : ['--dir', folder.file('tls')]], { index, clock })

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

  describe('init-ca', () => {
    it('makes an authority that signed itself, whose key only its owner may read', async () => {
      const { stdout } = await security('init-ca', '--name', 'Authority of "Köln", CN=x', '--validity', '100d')
      const authority = certificate('ca.pem')
      expect([authority.ca, authority.checkIssued(authority), authority.verify(authority.publicKey)]).to.deep.equal([true, true, true])
      expect(Date.parse(authority.validTo)).to.be.closeTo(clock.now() + 100 * DAY, 1000)
      expect(authority.toLegacyObject().subject).to.deep.equal({ CN: 'Authority of "Köln", CN=x' })
      expect(statSync(file('ca.key')).mode & 0o777).to.equal(0o600)
      expect(stdout).to.contain(authority.fingerprint256)
      expect(readdirSync(folder.file('tls')).sort()).to.deep.equal(['ca.key', 'ca.pem'])
    })

    it('replaces no authority unless it is told to', async () => {
      await made()
      expect(await refusal('init-ca')).to.equal('CERTIFICATE_FILE_EXISTS')
      const before = certificate('ca.pem').fingerprint256
      expect((await security('init-ca', '--force')).code).to.equal(0)
      expect(certificate('ca.pem').fingerprint256).not.to.equal(before)
      expect(statSync(file('ca.key')).mode & 0o777).to.equal(0o600)
    })

    it('says what to type next, and tells programs the files', async () => {
      expect((await security('init-ca')).stderr).to.contain(`Next: caxton security gen-cert --node-id node-1 --dir ${folder.file('tls')}\n`)
      const { stdout } = await security('init-ca', '--force', '--output', 'json')
      expect(JSON.parse(stdout)).to.include({ certificate: file('ca.pem'), key: file('ca.key') })
    })
  })

  describe('gen-cert', () => {
    it('makes a certificate in the node\'s name that openssl accepts, for servers and clients', async () => {
      await made('node-1')
      for (const purpose of ['sslserver', 'sslclient']) {
        const words = ['verify', '-x509_strict', '-purpose', purpose, '-CAfile', file('ca.pem'), file('node-1.pem')]
        expect(execFileSync('openssl', words, { encoding: 'utf8' })).to.equal(`${file('node-1.pem')}: OK\n`)
      }
      expect(certificate('node-1.pem').toLegacyObject().subject).to.deep.equal({ CN: 'node-1' })
      expect(statSync(file('node-1.key')).mode & 0o777).to.equal(0o600)
    })

    it('makes certificates with which two nodes prove themselves to one another', async () => {
      await made('node-1', 'node-2')
      expect(await handshake('node-1', 'node-2')).to.deep.equal({ server: 'node-1', client: 'node-2', refusal: null })
    })

    it('makes certificates that the nodes of another authority refuse', async () => {
      await made('node-1', 'node-2')
      const trust = text('ca.pem')
      expect((await security('init-ca', '--force')).code).to.equal(0)
      expect((await security('gen-cert', '--node-id', 'node-2', '--force')).code).to.equal(0)
      expect(await handshake('node-1', 'node-2', trust)).to.have.property('refusal', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE')
    })

    it('names the node by every host that it is given', async () => {
      await made()
      await security('gen-cert', '--node-id', 'node-1', '--host', 'a.example.com', '--host', '10.1.2.3', '--host', '2001:db8::1')
      const leaf = certificate('node-1.pem')
      for (const host of ['node-1', 'a.example.com', 'localhost']) expect(leaf.checkHost(host), host).to.equal(host)
      for (const address of ['10.1.2.3', '2001:db8::1', '127.0.0.1']) expect(leaf.checkIP(address), address).to.equal(address)
      expect(leaf.checkHost('node-2')).to.equal(undefined)
    })

    it('prints lines for the configuration with which the node takes up its identity without a complaint', async () => {
      await made()
      const { stderr } = await security('gen-cert', '--node-id', 'node-1')
      const lines = stderr.split('\n').flatMap(line => /^ {4}(.+)$/.exec(line)?.[1] ?? [])
      const { plugins } = parse(lines.join('\n')) as { plugins: Record<string, Record<'key' | 'chain' | 'trust', string>> }
      const context = new QuietContext('identity-files')
      const node = { nodeId: 'node-1', zone: 'a', dataDirectory: folder.path, startedAt: 0, version: '0.0.0' }
      const { key = '', chain = '', trust = '' } = plugins['identity-files'] ?? {}
      const config = { ...NO_RENEWAL, key, chain, trust, check_interval: 5000 }
      const identity = new FileIdentity(node, clock, noMetrics, noEvents, config, context)
      await identity.start(new AbortController().signal)
      expect([identity.health(), context.log.lines]).to.deep.equal([{ state: 'ready' }, []])
      await identity.stop()
    })

    it('lets no certificate outlive its authority', async () => {
      expect((await security('init-ca', '--validity', '30d')).code).to.equal(0)
      expect((await security('gen-cert', '--node-id', 'node-1')).code).to.equal(0)
      expect(certificate('node-1.pem').validTo).to.equal(certificate('ca.pem').validTo)
    })

    it('replaces no certificate unless it is told to', async () => {
      await made('node-1')
      expect(await refusal('gen-cert', '--node-id', 'node-1')).to.equal('CERTIFICATE_FILE_EXISTS')
      expect((await security('gen-cert', '--node-id', 'node-1', '--force')).code).to.equal(0)
    })

    it('signs with the authorities that openssl makes, too', async () => {
      for (const [name, ...algorithm] of [['rsa', 'rsa:2048'], ['p384', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384']]) {
        const [key, ca] = [folder.file(`${name}.key`), folder.file(`${name}.pem`)]
        const words = ['req', '-x509', '-nodes', '-days', '9', '-subj', '/O=A/CN=B', '-keyout', key, '-out', ca]
        execFileSync('openssl', [...words, '-newkey', ...algorithm], { stdio: 'ignore' })
        chmodSync(key, 0o600)
        clock = new VirtualClock(Date.now() + 1000)
        expect((await security('gen-cert', '--node-id', `node-${name}`, '--ca-cert', ca, '--ca-key', key)).code).to.equal(0)
        execFileSync('openssl', ['verify', '-CAfile', ca, file(`node-${name}.pem`)])
      }
    })

    it('refuses names that could leave the folder or the certificate\'s field', async () => {
      await made()
      expect(await refusal('gen-cert', '--node-id', '../node-1')).to.equal('CERTIFICATE_NAME_INVALID')
      expect(await refusal('gen-cert', '--node-id', 'node-1', '--host', '*.example.com')).to.equal('CERTIFICATE_NAME_INVALID')
      expect(existsSync(folder.file('node-1.pem'))).to.equal(false)
    })

    it('refuses an authority whose key others may read', async () => {
      await made()
      for (const mode of [0o640, 0o604, 0o644]) {
        chmodSync(file('ca.key'), mode)
        expect(await refusal('gen-cert', '--node-id', 'node-1')).to.equal('AUTHORITY_KEY_EXPOSED')
      }
    })

    it('refuses an authority that is not there, is none, has another key, is over or has not begun', async () => {
      await made('node-1')
      expect(await refusal('gen-cert', '--node-id', 'node-2', '--ca-cert', file('none.pem'))).to.equal('AUTHORITY_MISSING')
      const own = ['--ca-cert', file('node-1.pem'), '--ca-key', file('node-1.key')]
      expect(await refusal('gen-cert', '--node-id', 'node-2', ...own)).to.equal('AUTHORITY_UNUSABLE')
      expect(await refusal('gen-cert', '--node-id', 'node-2', '--ca-key', file('node-1.key'))).to.equal('AUTHORITY_UNUSABLE')
      for (const days of [3651, -1]) {
        clock = new VirtualClock(Date.now() + days * DAY)
        expect(await refusal('gen-cert', '--node-id', 'node-2')).to.equal('AUTHORITY_UNUSABLE')
      }
    })

    it('refuses an authority with any bit of its certificate or key turned, or signs so that openssl accepts it', async function () {
      this.timeout(60_000)
      await made()
      const good = { 'ca.pem': text('ca.pem'), 'ca.key': text('ca.key') }
      let refused = 0
      await fc.assert(fc.asyncProperty(fc.constantFrom('ca.pem' as const, 'ca.key' as const), fc.nat(), async (name, seed) => {
        const [, head = '', body = '', foot = ''] = /^(.*\n)([^-]*)(-.*\n)$/s.exec(good[name]) ?? []
        const bytes = Buffer.from(body, 'base64')
        const bit = seed % (bytes.length * 8)
        bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ 1 << (bit & 7)
        for (const [each, content] of Object.entries(good)) writeFileSync(file(each), content)
        writeFileSync(file(name), `${head}${bytes.toString('base64')}\n${foot}`)
        const { code, stderr } = await security('gen-cert', '--node-id', 'node-1', '--force')
        if (code === 0) execFileSync('openssl', ['verify', '-CAfile', file('ca.pem'), file('node-1.pem')])
        else expect(stderr).to.match(/code (AUTHORITY|IDENTITY)_/)
        if (code !== 0) refused++
      }), { numRuns: 100 })
      expect(refused).to.be.above(80)
    })

    it('refuses a validity that is no number of days', async () => {
      await made()
      for (const validity of ['0', '5h', '36501', '1.5d', '']) {
        expect(await refusal('gen-cert', '--node-id', 'node-1', `--validity=${validity}`)).to.equal('COMMAND_VALUE_INVALID')
      }
    })
  })

  /** A handshake between two nodes, each of which asks for the other's certificate: whom they met, and why the server would refuse. */
  async function handshake (server: string, client: string, trust = text('ca.pem')): Promise<object> {
    const of = (node: string) => ({ key: text(`${node}.key`), cert: text(`${node}.pem`), ca: trust, minVersion: 'TLSv1.3' as const })
    const listener = createServer({ ...of(server), requestCert: true, rejectUnauthorized: false })
    listener.listen(0, '127.0.0.1')
    await once(listener, 'listening')
    const { port } = listener.address() as AddressInfo
    const dialled = connect({ ...of(client), port, host: '127.0.0.1', servername: server })
    try {
      const [[accepted]] = await Promise.all([once(listener, 'secureConnection') as Promise<[TLSSocket]>, once(dialled, 'secureConnect')])
      const [met, refusal] = [accepted.getPeerCertificate().subject.CN, accepted.authorizationError as unknown]
      accepted.destroy()
      return { server: dialled.getPeerCertificate().subject.CN, client: met, refusal }
    } finally {
      dialled.destroy()
      listener.close()
    }
  }
})
