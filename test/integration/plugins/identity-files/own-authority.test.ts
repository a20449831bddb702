import { X509Certificate } from 'node:crypto'
import { rename, writeFile } from 'node:fs/promises'
import { expect } from 'chai'
import { MetricsRegistry } from '../../../../kernel/observability/metrics.js'
import type { FileIdentityConfig } from '../../../../plugins/identity-files/file-identity-config.js'
import { FileIdentity } from '../../../../plugins/identity-files/file-identity.js'
import { QuietContext } from '../../../support/quiet-context.js'
import { TemporaryFolder } from '../../../support/temporary-folder.js'
import { TestAuthority } from '../../../support/test-authority.js'
import { until } from '../../../support/until.js'
import { settled, VirtualClock } from '../../../support/virtual-clock.js'

const SECOND = 1000
const DAY = 24 * 3600 * SECOND
const never = new AbortController().signal

describe('FileIdentity with files of an authority', () => {
  let folder: TemporaryFolder
  let clock: VirtualClock
  let context: QuietContext
  let identity: FileIdentity
  let metrics: MetricsRegistry
  let events: string[]

  const path = (name: string): string => folder.file(name)
  const paths = (): FileIdentityConfig => ({
    key: path('key'), chain: path('chain'), trust: path('trust'), revoked: undefined, authority_key: undefined, renew_before: 30 * DAY,
    check_interval: 5 * SECOND,
  })

  function make (config: FileIdentityConfig = paths()): FileIdentity {
    const node = { nodeId: 'node-1', zone: 'a', dataDirectory: folder.path, startedAt: 0, version: '0.0.0' }
    identity = new FileIdentity(node, clock, metrics, { note: event => { events.push(event.what) } }, config, context)
    return identity
  }

  /** Lets the identity look at its files once. */
  async function look (): Promise<void> {
    clock.advance(5 * SECOND)
    while (clock.pending === 0) await settled()
  }

  const startCode = async (): Promise<unknown> => {
    const error = await identity.start(never).then(() => undefined, (thrown: unknown) => thrown)
    return error instanceof Error && 'code' in error ? error.code : error
  }

  beforeEach(() => {
    folder = new TemporaryFolder()
    clock = new VirtualClock(Date.UTC(2027, 0, 1))
    context = new QuietContext('identity-files')
    metrics = new MetricsRegistry()
    events = []
  })
  afterEach(async () => {
    await identity.stop()
    expect(clock.pending).to.equal(0)
    folder.remove()
  })

  let authority: TestAuthority

  async function write (name: string, text: string): Promise<void> {
    await writeFile(path(`${name}.new`), text, { mode: 0o600 })
    await rename(path(`${name}.new`), path(name))
  }

  async function writeAll (days?: number): Promise<string> {
    const { key, certificate } = await authority.node('node-1', days)
    await write('key', key)
    await write('chain', certificate)
    await write('trust', authority.trust)
    return certificate
  }

  beforeEach(async () => { authority = await TestAuthority.make(clock.now()) })

  it('gives revocation lists, and tells when they change', async () => {
    const own = await writeAll()
    await write('crl', await authority.revocations([]))
    await make({ ...paths(), revoked: path('crl') }).start(never)
    let changes = 0
    identity.onChange(() => { changes++ }, never)
    await write('crl', await authority.revocations([own]))
    await look()
    expect(changes).to.equal(1)
    expect(identity.credentials()?.revoked).to.contain('X509 CRL')
    expect(events).to.include('revocations-changed')
    expect(context.said('error')[0]).to.contain('is revoked')
  })

  it('never passes over revocation lists that can not be used', async () => {
    await writeAll()
    await write('crl', await (await TestAuthority.make(clock.now())).revocations([]))
    make({ ...paths(), revoked: path('crl') })
    expect(await startCode()).to.equal('IDENTITY_REVOCATIONS_INVALID')
    await identity.stop()
    make({ ...paths(), revoked: path('none') })
    expect(await startCode()).to.equal('IDENTITY_FILE_UNREADABLE')
  })

  it('shows in metrics when certificates end, and notes what happens to them', async () => {
    await writeAll(10)
    await make().start(never)
    const [metric] = metrics.snapshot('caxton_certificate_not_after_seconds')
    expect(metric?.samples.map(({ labels }) => labels['kind'])).to.have.members(['node', 'authority'])
    expect(metric?.samples.find(({ labels }) => labels['kind'] === 'node')).to.have.property('value', clock.now() / 1_000 + 10 * 86_400)
    await writeAll(20)
    await look()
    expect(events.filter(event => event === 'certificate-rotated')).to.have.length(1)
    expect(events).to.include('certificate-expiring')
  })

  it('renews its own certificate in time where the authority\'s key is at hand, with a new key and the same names', async () => {
    const old = await writeAll(9)
    await write('authority', authority.key)
    await make({ ...paths(), authority_key: path('authority') }).start(never)
    let changes = 0
    identity.onChange(() => { changes++ }, never)
    clock.advance(5 * DAY)
    await look()
    expect(changes).to.equal(0)
    clock.advance(2 * DAY)
    await until(async () => {
      await look()
      return changes === 1
    })
    const [before, after] = [new X509Certificate(old), new X509Certificate(identity.credentials()?.chain ?? '')]
    expect(after.subjectAltName).to.equal(before.subjectAltName)
    expect(after.publicKey.equals(before.publicKey)).to.equal(false)
    expect(Date.parse(after.validTo) - Date.parse(before.validTo)).to.be.greaterThan(6 * DAY)
    expect(events).to.include('certificate-renewed')
    expect(identity.health()).to.have.property('state', 'ready')
  })

  it('says so when it can not renew, and goes on with the old certificate', async () => {
    await writeAll(9)
    await write('authority', (await TestAuthority.make(clock.now())).key)
    await make({ ...paths(), authority_key: path('authority') }).start(never)
    clock.advance(7 * DAY)
    await look()
    await look()
    expect(context.said('error').filter(text => text.includes('could not renew'))).to.have.length(1)
    expect(identity.credentials()).to.not.equal(undefined)
  })
})
