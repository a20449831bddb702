import { expect } from 'chai'
import type { LocatedAgent } from '../../../../../kernel/contract/index.js'
import { AgentRecord } from '../../../../../kernel/lifecycle/agents/agent-record.js'
import { OwnListings } from '../../../../../kernel/lifecycle/cluster/own-listings.js'
import { listingOf } from '../../../../support/cluster/stand-in-registry.js'
import { VirtualClock } from '../../../../support/virtual-clock.js'

describe('what a node lists of an agent that goes to another one', () => {
  let clock: VirtualClock
  let listings: OwnListings
  let told: string[]
  /** The node where the registry finds it. */
  let found: string | undefined

  beforeEach(() => {
    clock = new VirtualClock()
    told = []
    found = 'node-1'
    let record: AgentRecord | undefined = new AgentRecord({
      name: 'echo', module: 'm', permissions: [], granted: [], messageRate: 0, logLines: 100, signature: undefined,
      configuration: new Uint8Array(0), mailboxMessages: 1, deployedAt: 0, version: 1,
      claim: 1, group: undefined, wish: { strategy: 'least-loaded' }, delivery: 'at-most-once',
      limits: { memoryBytes: 65_536, fuelPerMessage: 1_000, fuelPerStart: 1_000, messageBytes: 1_024 },
    }, { handle: 2, generation: 1 }, { ended: () => {}, changed: () => {}, forgotten: () => {} })
    const located = (nodeId: string): LocatedAgent => ({ nodeId, listing: listingOf('echo') })
    listings = new OwnListings({
      self: 'node-1', clock,
      registry: {
        announce: ({ name }) => { told.push(`announce ${name}`) },
        withdraw: name => { told.push(`withdraw ${name}`) },
        find: () => found === undefined ? undefined : located(found),
      },
      roster: { ofName: () => record, list: () => [] },
      tables: { offers: { ofAgent: () => [] }, subscriptions: { ofAgent: () => [] } },
    })
    listings.changed('echo')
    clock.advance(20)
    record = undefined
    listings.changed('echo')
    listings.moved('echo')
    clock.advance(20)
  })
  afterEach(() => listings.close())

  it('stays until the other one lists it, so that nobody believes it gone', () => {
    const heard = (): void => {
      listings.heard([{ nodeId: 'node-2', name: 'echo', listing: undefined }])
      clock.advance(20)
    }
    heard()
    found = undefined
    heard()
    expect(told).to.deep.equal(['announce echo'])
    expect(listings.isUnderWay('echo')).to.equal(true)
    found = 'node-2'
    heard()
    expect(told).to.deep.equal(['announce echo', 'withdraw echo'])
    expect(listings.isUnderWay('echo')).to.equal(false)
  })

  it('does not stay for ever', () => {
    clock.advance(9_000)
    expect(told).to.deep.equal(['announce echo'])
    clock.advance(2_000)
    expect(told).to.deep.equal(['announce echo', 'withdraw echo'])
  })
})
