import { expect } from 'chai'
import { addressesOf, parseSeed, type NameLookup } from '../../../../../plugins/cluster-swim/exchange/seed-names.js'

const lookup: NameLookup = {
  addresses: async host => host === 'nodes.test' ? ['10.0.0.1', '10.0.0.2'] : ['10.0.0.9'],
  services: async () => [{ name: 'nodes.test', port: 1 }, { name: 'other.test', port: 2 }],
}

describe('a seed', () => {
  it('is a host, with a port or the usual one', () => {
    expect(parseSeed('10.0.0.1', 7946)).to.deep.equal({ host: '10.0.0.1', port: 7946 })
    expect(parseSeed(' node-1.test:80 ', 7946)).to.deep.equal({ host: 'node-1.test', port: 80 })
    expect(parseSeed('[2001:db8::1]:80', 7946)).to.deep.equal({ host: '2001:db8::1', port: 80 })
    expect(parseSeed('[2001:db8::1]', 7946)).to.deep.equal({ host: '2001:db8::1', port: 7946 })
    expect(parseSeed('2001:db8::1', 7946)).to.deep.equal({ host: '2001:db8::1', port: 7946 })
  })

  it('is nothing else', () => {
    for (const text of ['', ':80', 'a:0', 'a:65536', 'a:b', 'a b', '[a]:80', 'a:80:80', '[::1']) {
      expect(parseSeed(text, 7946), text).to.equal(undefined)
    }
  })

  it('stands for all addresses of its name', async () => {
    expect(await addressesOf('nodes.test:5', 7946, lookup)).to.deep.equal([{ host: '10.0.0.1', port: 5 }, { host: '10.0.0.2', port: 5 }])
    expect(await addressesOf('127.0.0.1', 7946, lookup)).to.deep.equal([{ host: '127.0.0.1', port: 7946 }])
  })

  it('stands for hosts and ports of a service, if it is the name of one', async () => {
    expect(await addressesOf('_gossip._udp.test', 7946, lookup)).to.deep.equal([
      { host: '10.0.0.1', port: 1 }, { host: '10.0.0.2', port: 1 }, { host: '10.0.0.9', port: 2 },
    ])
  })
})
