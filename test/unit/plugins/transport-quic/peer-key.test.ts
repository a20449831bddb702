import { expect } from 'chai'
import { base58, makePeerKey } from '../../../../plugins/transport-quic/native/peer-key.js'

describe('PeerKey', () => {
  it('writes base58 as others do', () => {
    // Internet draft draft-msporny-base58-03, section 5.
    expect(base58(new TextEncoder().encode('Hello World!'))).to.equal('2NEpo7TZRRrLZSi2U')
    expect(base58(Uint8Array.from([0, 0, 0x28, 0x7f, 0xb4, 0xcd]))).to.equal('11233QC4')
    expect(base58(new Uint8Array(2))).to.equal('11')
  })

  it('is named as libp2p names Ed25519 keys, and anew each time', () => {
    const [one, other] = [makePeerKey(), makePeerKey()]
    expect(one.id).to.match(/^12D3KooW[1-9A-HJ-NP-Za-km-z]{44}$/)
    expect(one.id).not.to.equal(other.id)
    expect(one.proto.byteLength).to.equal(68)
  })
})
