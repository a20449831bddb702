import { expect } from 'chai'
import fc from 'fast-check'
import { networkOf } from '../../../../kernel/lifecycle/connections-by-address.js'

describe('connections by address', () => {
  it('are counted by an IPv4 address, also when it is mapped into IPv6', () => {
    expect([networkOf('192.0.2.7'), networkOf('::ffff:192.0.2.7')]).to.deep.equal(['192.0.2.7', '192.0.2.7'])
  })

  it('are counted by the first 64 bits of an IPv6 address, however it is written', () => {
    const same = ['2001:db8::1', '2001:DB8:0:0:ffff::2', '2001:0db8:0000:0000:1:2:3:4', '2001:db8::1:2:3:4']
    expect(new Set(same.map(networkOf))).to.deep.equal(new Set(['2001:db8:0:0::/64']))
    expect([networkOf('::1'), networkOf('fe80::1%eth0'), networkOf('2001:db8:0:1::')]).to.deep.equal([
      '0:0:0:0::/64', 'fe80:0:0:0::/64', '2001:db8:0:1::/64',
    ])
  })

  it('are of the network that a URL would name, whatever the spelling', () => {
    fc.assert(fc.property(fc.ipV6(), address => {
      fc.pre(!/^::ffff:\d+\./i.test(address))
      const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1)
      expect(networkOf(address)).to.equal(networkOf(canonical))
    }))
  })
})
