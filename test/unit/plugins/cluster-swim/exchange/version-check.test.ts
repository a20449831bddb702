import { expect } from 'chai'
import { incompatibility, OUR_VERSIONS } from '../../../../../plugins/cluster-swim/exchange/version-check.js'
import type { NodeRecord, Versions } from '../../../../../plugins/cluster-swim/wire/messages.js'

const told = (versions: Versions | undefined, state: NodeRecord['state'] = 'alive'): NodeRecord =>
  ({ node: 'b', host: '10.0.0.1', port: 1, meta: new Uint8Array(), incarnation: 1, state, versions })

describe('the check of versions', () => {
  it('lets nodes together that understand one another', () => {
    expect(incompatibility([], [told(OUR_VERSIONS), told({ ...OUR_VERSIONS, delegateCurrent: 4 })])).to.equal(undefined)
  })

  it('names a node that speaks what the others don\'t understand, also one that is down', () => {
    const newer = { ...OUR_VERSIONS, maximum: 7, current: 7 }
    expect(incompatibility([], [told(OUR_VERSIONS), told(newer)])).to.match(/"b" speaks memberlist 7/)
    expect(incompatibility([], [told(OUR_VERSIONS), told(newer, 'dead')])).to.match(/"b" speaks memberlist 7/)
  })

  it('refuses a node without versions among those that have some', () => {
    expect(incompatibility([], [told(OUR_VERSIONS), told(undefined)])).to.be.a('string')
  })
})
