import { expect } from 'chai'
import { randomBytes } from 'node:crypto'
import type { Store } from '../../../../../kernel/contract/index.js'
import { clusterStore } from '../../../../../plugins/cluster-swim/cluster-store.js'
import { KeyKeeper } from '../../../../../plugins/cluster-swim/keys/key-keeper.js'
import { fingerprintOf, parseKey } from '../../../../../plugins/cluster-swim/keys/key-text.js'
import { MemoryStore } from '../../../../../plugins/store-memory/memory-store.js'
import { RecordingLogger } from '../../../../support/recording-logger.js'
import { VirtualClock } from '../../../../support/virtual-clock.js'

describe('KeyKeeper', () => {
  const [one, two, three] = [1, 2, 3].map(() => randomBytes(32).toString('base64')) as [string, string, string]
  const bytes = (text: string): Uint8Array => Buffer.from(text, 'base64')
  let store: Store
  let log: RecordingLogger

  beforeEach(async () => {
    log = new RecordingLogger()
    store = new MemoryStore({ max_size: 2 ** 20 }).scopeFor('cluster-swim')
    await store.migrate(clusterStore)
  })

  const load = async (...configured: string[]): Promise<KeyKeeper> => {
    const keeper = new KeyKeeper(store, log)
    await keeper.load(configured)
    return keeper
  }

  it('begins with the keys of the configuration, the first one in use', async () => {
    expect((await load(one, two)).list()).to.deep.equal([one, two])
    expect((await load()).ring).to.equal(undefined)
  })

  it('keeps what was changed over a restart, until the configuration has other keys', async () => {
    const keeper = await load(one)
    expect([keeper.install(bytes(two)), keeper.use(bytes(two)), keeper.remove(bytes(one))]).to.deep.equal([undefined, undefined, undefined])
    await keeper.settled()
    expect((await load(one)).list()).to.deep.equal([two])
    expect((await load(three)).list()).to.deep.equal([three])
    expect((await load(one)).list()).to.deep.equal([one])
  })

  it('says what it can\'t do', async () => {
    const keeper = await load(one)
    expect(keeper.use(bytes(two))).to.equal('the key is not installed')
    expect(keeper.remove(bytes(one))).to.equal('the key is in use')
    expect(keeper.install(new Uint8Array(5))).to.equal('a key has 16, 24 or 32 bytes, not 5')
    expect((await load()).install(bytes(one))).to.equal('this node has no encryption')
  })

  it('refuses a key in the configuration that is none, without repeating it', async () => {
    const refused = await load(one, 'c2hvcnQ=').catch((error: unknown) => error)
    expect(refused).to.include({ code: 'CLUSTER_KEY_INVALID' })
    expect(String(refused)).to.contain('number 2 of `keys`').and.not.contain('c2hvcnQ')
    expect(parseKey('not base64!')).to.equal('it is not base64')
  })

  it('lets nobody change keys that are rotated, and rotates only keys that there are, and not too many', async () => {
    const clock = new VirtualClock()
    const keeper = await load(one)
    const { ring } = keeper
    keeper.rotate({ interval: 3_600_000, isUsed: true }, clock)
    expect(keeper.ring).to.not.equal(ring)
    expect(keeper.list()).to.include(one)
    for (const refused of [keeper.install(bytes(two)), keeper.use(bytes(one)), keeper.remove(bytes(one))]) {
      expect(refused).to.contain('`key_rotation`')
    }
    keeper.stop()
    expect(clock.pending).to.equal(0)
    const many = await load(...Array.from({ length: 5 }, () => randomBytes(32).toString('base64')))
    for (const keys of [await load(), many]) {
      expect(() => { keys.rotate({ interval: 3_600_000, isUsed: true }, clock) }).to.throw()
        .with.property('code', 'CLUSTER_KEYS_NOT_ROTATABLE')
    }
  })

  it('logs fingerprints, never keys', async () => {
    const keeper = await load(one)
    keeper.install(bytes(two))
    const logged = JSON.stringify(log.lines)
    expect(logged).to.contain(fingerprintOf(bytes(one)))
    for (const key of [one, two]) expect(logged).not.to.contain(key)
  })
})
