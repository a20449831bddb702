import { expect } from 'chai'
import { MemberRecord } from '../../../../../plugins/cluster-swim/members/member-record.js'
import { BlockedPackets } from '../../../../../plugins/cluster-swim/probing/blocked-packets.js'
import { noMetrics } from '../../../../support/quiet-context.js'

describe('BlockedPackets', () => {
  const one = new MemberRecord('node-1', { host: '10.0.0.1', port: 7946 })
  const two = new MemberRecord('node-2', { host: '10.0.0.2', port: 7946 })
  const warnings = (heard: (blocked: BlockedPackets) => void): string[] => {
    const said: string[] = []
    heard(new BlockedPackets(noMetrics, { warn: message => { said.push(message) } }))
    return said
  }

  it('believes that packets are blocked when only connections were answered three times in a row, and says it once of each node', () => {
    const said = warnings(blocked => {
      for (let turn = 0; turn < 5; turn++) {
        for (const record of [one, two]) blocked.heard(record, 'stream')
        blocked.heard(one, 'indirect')
      }
    })
    expect(said).to.have.length(2)
    expect(said[0]).to.equal('node "node-1" answers over TCP but not over UDP: open UDP port 7946 in both directions')
  })

  it('says nothing of a node that stood still now and then', () => {
    const said = warnings(blocked => {
      for (const way of ['stream', 'stream', 'direct', 'stream', 'direct', 'stream', 'stream'] as const) blocked.heard(one, way)
    })
    expect(said).to.deep.equal([])
  })
})
