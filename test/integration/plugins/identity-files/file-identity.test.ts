import { chmod, copyFile, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { MetricsRegistry } from '../../../../kernel/observability/metrics.js'
import type { FileIdentityConfig } from '../../../../plugins/identity-files/file-identity-config.js'
import { FileIdentity } from '../../../../plugins/identity-files/file-identity.js'
import { QuietContext } from '../../../support/quiet-context.js'
import { settled, VirtualClock } from '../../../support/virtual-clock.js'

const FIXTURES = fileURLToPath(new URL('../../../../../test/fixtures/identity/', import.meta.url))
const SECOND = 1000
const DAY = 24 * 3600 * SECOND
const NO_RENEWAL = { revoked: undefined, authority_key: undefined, renew_before: 30 * DAY }
const never = new AbortController().signal

describe('FileIdentity', () => {
  let folder = ''
  let clock: VirtualClock
  let context: QuietContext
  let identity: FileIdentity
  let metrics: MetricsRegistry
  let events: string[]

  const path = (name: string): string => join(folder, name)
  const paths = (): FileIdentityConfig =>
    ({ ...NO_RENEWAL, key: path('key'), chain: path('chain'), trust: path('trust'), check_interval: 5 * SECOND })

  function make (config: FileIdentityConfig = paths(), nodeId = 'node-1'): FileIdentity {
    const node = { nodeId, zone: 'a', dataDirectory: folder, startedAt: 0, version: '0.0.0' }
    identity = new FileIdentity(node, clock, metrics, { note: event => { events.push(event.what) } }, config, context)
    return identity
  }

  /** Puts a fixture into place by renaming, as careful tools do. */
  async function place (name: 'key' | 'chain' | 'trust', fixture: string): Promise<void> {
    await copyFile(join(FIXTURES, fixture), path(`${name}.new`))
    if (name === 'key') await chmod(path(`${name}.new`), 0o600)
    await rename(path(`${name}.new`), path(name))
  }

  async function placeAll (leaf: string): Promise<void> {
    await place('key', `${leaf}.key.pem`)
    await place('chain', `${leaf}.cert.pem`)
    await place('trust', 'authority.cert.pem')
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

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'caxton-identity-'))
    clock = new VirtualClock(Date.UTC(2027, 0, 1))
    context = new QuietContext('identity-files')
    metrics = new MetricsRegistry()
    events = []
  })
  afterEach(async () => {
    await identity.stop()
    expect(clock.pending).to.equal(0)
    await rm(folder, { recursive: true })
  })

  it('has an id and no credentials where no files are configured', async () => {
    make({ ...NO_RENEWAL, key: undefined, chain: undefined, trust: undefined, check_interval: 5 * SECOND })
    await identity.start(never)
    expect(identity.nodeId).to.equal('node-1')
    expect(identity.credentials()).to.equal(undefined)
    expect(identity.health()).to.deep.equal({ state: 'ready' })
  })

  it('gives key, chain and trust as they stand in the files', async () => {
    await placeAll('node-1')
    await make().start(never)
    expect(identity.credentials()?.key).to.contain('PRIVATE KEY')
    expect(identity.credentials()?.chain).to.contain('BEGIN CERTIFICATE')
    expect(identity.health()).to.deep.equal({ state: 'ready' })
    expect(context.said('warn')).to.deep.equal([])
  })

  it('refuses some of the files without the others', async () => {
    make({ ...paths(), trust: undefined })
    expect(await startCode()).to.equal('IDENTITY_FILES_INCOMPLETE')
  })

  it('refuses a file that is not there, a folder, and one that is far too large', async () => {
    await placeAll('node-1')
    expect(await (make({ ...paths(), key: path('absent') }), startCode())).to.equal('IDENTITY_FILE_UNREADABLE')
    expect(await (make({ ...paths(), key: folder }), startCode())).to.equal('IDENTITY_FILE_UNREADABLE')
    await writeFile(path('huge'), new Uint8Array(1024 * 1024 + 1))
    expect(await (make({ ...paths(), chain: path('huge') }), startCode())).to.equal('IDENTITY_FILE_UNREADABLE')
  })

  it('refuses a key that is encrypted and one that is none', async () => {
    await placeAll('node-1')
    await place('key', 'encrypted.key.pem')
    expect(await (make(), startCode())).to.equal('IDENTITY_KEY_INVALID')
    await place('key', 'node-1.cert.pem')
    expect(await (make(), startCode())).to.equal('IDENTITY_KEY_INVALID')
  })

  it('refuses the key of another certificate', async () => {
    await placeAll('node-1')
    await place('key', 'node-2.key.pem')
    make()
    expect(await startCode()).to.equal('IDENTITY_KEY_MISMATCH')
  })

  it('refuses a chain in which one certificate did not issue the one before it', async () => {
    await placeAll('node-1')
    const leaf = await readFile(join(FIXTURES, 'node-1.cert.pem'), 'utf8')
    await writeFile(path('chain'), leaf + await readFile(join(FIXTURES, 'other-authority.cert.pem'), 'utf8'))
    expect(await (make(), startCode())).to.equal('IDENTITY_CERTIFICATE_INVALID')
    await writeFile(path('chain'), leaf + await readFile(join(FIXTURES, 'authority.cert.pem'), 'utf8'))
    expect(await (make(), startCode())).to.equal(undefined)
  })

  it('refuses trust that holds no certificate', async () => {
    await placeAll('node-1')
    await writeFile(path('trust'), '')
    make()
    expect(await startCode()).to.equal('IDENTITY_CERTIFICATE_INVALID')
  })

  it('warns of a certificate for another node and of a key that others may read', async () => {
    await placeAll('node-2')
    await chmod(path('key'), 0o644)
    await make().start(never)
    expect(context.said('warn')).to.have.lengthOf(2)
  })

  it('takes up files that were replaced one by one, when they fit together again', async () => {
    await placeAll('node-1')
    await make().start(never)
    const before = identity.credentials()
    let changes = 0
    identity.onChange(() => { changes++ }, never)
    await place('key', 'node-1-renewed.key.pem')
    await look()
    expect([identity.credentials(), identity.health().state, changes]).to.deep.equal([before, 'degraded', 0])
    await place('chain', 'node-1-renewed.cert.pem')
    await look()
    expect(identity.credentials()).not.to.deep.equal(before)
    expect([identity.health().state, changes]).to.deep.equal(['ready', 1])
    await look()
    expect(changes).to.equal(1)
  })

  it('keeps the old credentials while a file is away', async () => {
    await placeAll('node-1')
    await make().start(never)
    await rm(path('chain'))
    await look()
    expect(identity.credentials()).not.to.equal(undefined)
    expect(identity.health().state).to.equal('degraded')
    await place('chain', 'node-1.cert.pem')
    await look()
    expect(identity.health().state).to.equal('ready')
  })

  it('tells nobody when files are written anew with what they held', async () => {
    await placeAll('node-1')
    await make().start(never)
    let changes = 0
    identity.onChange(() => { changes++ }, never)
    await placeAll('node-1')
    await look()
    expect(changes).to.equal(0)
  })

  it('tells those who asked, no longer those whose signal aborted, and goes on past one that throws', async () => {
    await placeAll('node-1')
    await make().start(never)
    const told: string[] = []
    const left = new AbortController()
    identity.onChange(() => { told.push('left') }, left.signal)
    identity.onChange(() => { throw new Error('busy') }, never)
    identity.onChange(() => { told.push('stayed') }, never)
    left.abort()
    await placeAll('node-1-renewed')
    await look()
    expect(told).to.deep.equal(['stayed'])
  })

  it('warns once when 30 days are left, and says when the certificate is over', async () => {
    clock = new VirtualClock(Date.UTC(2027, 9, 1))
    await placeAll('short-lived')
    await make().start(never)
    expect(context.said('warn')).to.deep.equal([])
    clock.jumpTo(Date.UTC(2027, 10, 1))
    await look()
    await look()
    expect(context.said('warn')).to.have.lengthOf(1)
    expect(identity.health().state).to.equal('ready')
    clock.jumpTo(Date.UTC(2027, 10, 1) + 40 * DAY)
    await look()
    expect(context.said('error')).to.have.lengthOf(1)
    expect(identity.health().state).to.equal('degraded')
  })
})
