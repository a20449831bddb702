import { expect } from 'chai'
import { GossipKey } from '../../../../../plugins/cluster-swim/wire/gossip-key.js'
import { KeyRing } from '../../../../../plugins/cluster-swim/wire/key-ring.js'
import { gossipKey } from '../../../../support/cluster-swim/wire-settings.js'

const fills = (ring: KeyRing): number[] => ring.list().map(key => key.bytes[0] ?? 0)

describe('cluster-swim: the key ring', () => {
  it('takes keys of 16, 24 and 32 bytes, and no others', () => {
    for (let length = 0; length < 40; length++) {
      expect(GossipKey.of(new Uint8Array(length)) !== undefined, `${length}`).to.equal([16, 24, 32].includes(length))
    }
  })

  it('changes from one key to another without ever being without', () => {
    const ring = new KeyRing(gossipKey(1))
    expect(ring.install(gossipKey(2))).to.equal(true)
    expect(fills(ring)).to.deep.equal([1, 2])
    expect(ring.use(gossipKey(2))).to.equal(true)
    expect(fills(ring)).to.deep.equal([2, 1])
    expect(ring.primary.bytes[0]).to.equal(2)
    expect(ring.remove(gossipKey(1))).to.equal(true)
    expect(fills(ring)).to.deep.equal([2])
  })

  it('installs a key once, and removes one that is gone without complaint', () => {
    const ring = new KeyRing(gossipKey(1), [gossipKey(1), gossipKey(2)])
    expect(ring.install(gossipKey(2))).to.equal(true)
    expect(ring.remove(gossipKey(3))).to.equal(true)
    expect(fills(ring)).to.deep.equal([1, 2])
  })

  it('neither uses a key that it does not have nor removes the one in use', () => {
    const ring = new KeyRing(gossipKey(1))
    expect(ring.use(gossipKey(2))).to.equal(false)
    expect(ring.remove(gossipKey(1))).to.equal(false)
    expect(fills(ring)).to.deep.equal([1])
  })

  it('holds at most 16 keys', () => {
    const ring = new KeyRing(gossipKey(0))
    for (let fill = 1; fill < 16; fill++) expect(ring.install(gossipKey(fill))).to.equal(true)
    expect(ring.install(gossipKey(16))).to.equal(false)
    expect(ring.install(gossipKey(3))).to.equal(true)
    expect(ring.list()).to.have.length(16)
  })
})
