import { expect } from 'chai'
import fc from 'fast-check'
import { hostBytes, hostOf } from '../../../../../plugins/cluster-swim/wire/host-bytes.js'
import { Refused } from '../../../../../plugins/cluster-swim/wire/refusal.js'

const hex = (host: string): string => Buffer.from(hostBytes(host)).toString('hex')

describe('cluster-swim: addresses', () => {
  it('reads and writes IPv4 in four bytes, also where it comes mapped into IPv6', () => {
    expect(hex('127.0.0.11')).to.equal('7f00000b')
    expect(hostOf(Uint8Array.of(127, 0, 0, 11))).to.equal('127.0.0.11')
    expect(hostOf(Buffer.from('00000000000000000000ffff7f00000b', 'hex'))).to.equal('127.0.0.11')
    expect(hex('::ffff:127.0.0.11')).to.equal('7f00000b')
  })

  it('writes IPv6 as RFC 5952 wants it', () => {
    for (const [bytes, text] of [
      ['20010db8000000000000000000000001', '2001:db8::1'], ['00000000000000000000000000000001', '::1'],
      ['00000000000000000000000000000000', '::'], ['20010db8000000010001000100010001', '2001:db8:0:1:1:1:1:1'],
      ['20010000000000010000000000000001', '2001:0:0:1::1'], ['20010db8000000000001000000000001', '2001:db8::1:0:0:1'],
      ['fe800000000000000000000000000000', 'fe80::'],
    ] as const) {
      expect(hostOf(Buffer.from(bytes, 'hex'))).to.equal(text)
      expect(hex(text)).to.equal(bytes)
    }
    expect(hex('fe80::1%eth0')).to.equal('fe800000000000000000000000000001')
  })

  it('reads back every address', () => {
    fc.assert(fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), host => {
      const bytes = hostBytes(host)
      expect([...hostBytes(hostOf(bytes))]).to.deep.equal([...bytes])
    }))
  })

  it('takes no bytes for no address, and refuses other lengths and other texts', () => {
    expect(hostOf(new Uint8Array(0))).to.equal('')
    expect(hostBytes('')).to.have.length(0)
    for (const length of [1, 3, 5, 15, 17]) expect(() => hostOf(new Uint8Array(length))).to.throw(Refused)
    for (const text of ['localhost', '1.2.3', '1:2', '300.1.1.1']) expect(() => hostBytes(text)).to.throw(RangeError)
  })
})
