import { expect } from 'chai'
import type { CapabilityDescription } from '../../../../../kernel/contract/index.js'
import { CapabilityRegistry, type CapabilityChange } from '../../../../../kernel/routing/capabilities/capability-registry.js'
import type { OfferChanges } from '../../../../../kernel/routing/capabilities/capability-table.js'
import { TopicRegistry } from '../../../../../kernel/routing/topics/topic-registry.js'

const capability = (name: string, version = '1.0.0'): CapabilityDescription =>
  ({ name, version, description: '', input: undefined, output: undefined, costs: {}, protocols: [] })
const SELLER = { name: 'seller', handle: 20, generation: 1 }
const OTHER = { name: 'other', handle: 21, generation: 3 }

describe('the register of capabilities', () => {
  let told: OfferChanges[]
  let registry: CapabilityRegistry

  beforeEach(() => {
    told = []
    registry = new CapabilityRegistry(changes => told.push(changes))
    registry.offer(SELLER, capability('sell', '1.2.0'))
    registry.offer(OTHER, capability('sell', '2.0.0'))
    registry.offer(OTHER, capability('buy'))
  })

  const agents = (name: string, range?: string): string[] => registry.find(name, range).map(({ agent }) => agent)

  it('finds who offers a capability, in a range of versions', () => {
    expect(agents('sell')).to.deep.equal(['other', 'seller'])
    expect(agents('sell', '^1.1')).to.deep.equal(['seller'])
    expect([agents('sell', 'x'), agents('rent')]).to.deep.equal([[], []])
    expect(registry.ofAgent(21).map(({ name }) => name)).to.deep.equal(['buy', 'sell'])
  })

  it('tells the threads of every change, and a new one everything', () => {
    registry.withdraw(21, 'buy')
    registry.withdraw(21, 'buy')
    registry.end(20)
    registry.end(20)
    expect(told.slice(3)).to.deep.equal([{ removed: [['buy', 21]], added: [] }, { removed: [['sell', 20]], added: [] }])
    expect(registry.all()).to.deep.equal({ removed: [], added: [['sell', 21, 3, 2e10]] })
  })

  it('replaces what an agent offers under the same name', () => {
    registry.offer(SELLER, capability('sell', '3.0.0'))
    expect([agents('sell', '1'), agents('sell', '3')]).to.deep.equal([[], ['seller']])
    expect(registry.ofAgent(20)).to.have.length(1)
  })

  it('tells observers what was removed and what was added, until they have heard enough', () => {
    const changes: CapabilityChange[] = []
    const stop = registry.observe(change => changes.push(change))
    registry.offer(SELLER, capability('sell', '3.0.0'))
    registry.end(21)
    stop()
    registry.end(20)
    const seen = changes.map(({ removed, added }) => [removed.map(({ version }) => version), added.map(({ version }) => version)])
    expect(seen).to.deep.equal([[['1.2.0'], ['3.0.0']], [['2.0.0', '1.0.0'], []]])
  })
})

describe('the register of topics', () => {
  it('tells the threads who subscribes to what, each change once, and a new one everything', () => {
    const told: object[] = []
    const registry = new TopicRegistry(changes => told.push(changes))
    registry.subscribe(SELLER, 'news')
    registry.subscribe(SELLER, 'news')
    registry.subscribe(OTHER, '#')
    registry.unsubscribe(21, 'news')
    registry.end(20)
    registry.end(20)
    expect(told).to.deep.equal([
      { removed: [], added: [['news', 20, 1]] }, { removed: [], added: [['#', 21, 3]] }, { removed: [['news', 20]], added: [] },
    ])
    expect(registry.all()).to.deep.equal({ removed: [], added: [['#', 21, 3]] })
    registry.unsubscribe(21, '#')
    expect(told.at(-1)).to.deep.equal({ removed: [['#', 21]], added: [] })
  })
})
