import { expect } from 'chai'
import { describe as description, tagsOf } from '../../../../../plugins/cluster-swim/members/node-description.js'

describe('what a node says of itself in its tags', () => {
  it('comes out as it went in', () => {
    const told = { zone: 'b', version: '0.1.0', roads: [
      { transport: 'quic', driver: 'http3', port: 7948 }, { transport: 'tcp', driver: 'tls', port: 7947 },
    ] }
    expect(description(tagsOf(told))).to.deep.equal({ isCaxton: true, ...told })
    expect(description(tagsOf({ ...told, roads: [] }))).to.deep.equal({ isCaxton: true, ...told, roads: [] })
  })

  it('shows who is no Caxton node, whatever other tags it has', () => {
    expect(description(new Map([['zone', 'a'], ['role', 'x']]))).to.deep.equal({ isCaxton: false, zone: 'default', version: '', roads: [] })
  })

  it('leaves out roads that can\'t be taken', () => {
    const roads = 'tcp:tls:0 tcp:tls:65536 :tls:1 tcp:tls tcp:tls:7947 TCP:x:1 nonsense'
    expect(description(new Map([['caxton', '1'], ['roads', roads]])).roads).to.deep.equal([{ transport: 'tcp', driver: 'tls', port: 7947 }])
  })
})
