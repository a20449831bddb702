import { expect } from 'chai'
import { listAgents } from '../../../../../kernel/lifecycle/cluster/cluster-agents.js'
import { memberOf, StandInMembership } from '../../../../support/cluster/stand-in-membership.js'
import { listingOf, StandInRegistry } from '../../../../support/cluster/stand-in-registry.js'

describe('The list of a cluster\'s agents', () => {
  const registry = new StandInRegistry({ 'node-2': [listingOf('b'), listingOf('a')], 'node-1': [listingOf('c', 3)] })
  let membership: StandInMembership

  const list = (request: { prefix?: string, nodeId?: string, limit?: number, after?: string } = {}) => {
    const answer = listAgents(membership, registry, { prefix: '', nodeId: '', limit: 0, after: '', ...request })
    return { ...answer, names: answer.agents?.map(({ nodeId, name }) => `${nodeId}/${name}`) ?? [] }
  }

  beforeEach(() => { membership = new StandInMembership([memberOf('node-1'), memberOf('node-2', { state: 'suspect' })]) })

  it('is by node, then by name', () => {
    const answer = list()
    expect(answer.names).to.deep.equal(['node-1/c', 'node-2/a', 'node-2/b'])
    expect(answer.agents?.[0]).to.deep.equal(
      { nodeId: 'node-1', name: 'c', state: 'running', claim: 3n, delivery: 'at-least-once', module: 'ab' })
    expect(answer).to.deep.include({
      next: '', stale: false, nodes: [{ nodeId: 'node-1', state: 'alive', agents: 1 }, { nodeId: 'node-2', state: 'suspect', agents: 2 }],
    })
  })

  it('comes in pages that miss and repeat nothing', () => {
    for (const limit of [1, 2, 3, 4]) {
      const seen: string[] = []
      let after = ''
      do {
        const page = list({ limit, after })
        expect(page.names).to.have.length.within(1, limit)
        seen.push(...page.names)
        after = page.next ?? ''
      } while (after !== '')
      expect(seen).to.deep.equal(['node-1/c', 'node-2/a', 'node-2/b'])
    }
  })

  it('can be of one node, or of names with one beginning', () => {
    expect(list({ nodeId: 'node-2' }).names).to.deep.equal(['node-2/a', 'node-2/b'])
    expect(list({ prefix: 'c' }).names).to.deep.equal(['node-1/c'])
  })

  it('says of agents whose node is dead that nobody reaches them', () => {
    membership = new StandInMembership([memberOf('node-1'), memberOf('node-2', { state: 'dead' })])
    expect(list().agents?.map(({ state }) => state)).to.deep.equal(['running', 'unreachable', 'unreachable'])
  })

  it('leaves out what a dead node had and another has taken over', () => {
    const taken = new StandInRegistry({ 'node-1': [listingOf('a', 2)], 'node-2': [listingOf('a'), listingOf('b')] })
    const answer = () => listAgents(membership, taken, { prefix: '', nodeId: '', limit: 0, after: '' })
    const names = (): unknown => answer().agents?.map(({ nodeId, name }) => `${nodeId}/${name}`)
    expect(names()).to.deep.equal(['node-1/a', 'node-2/a', 'node-2/b'])
    membership = new StandInMembership([memberOf('node-1'), memberOf('node-2', { state: 'dead' })])
    expect(names()).to.deep.equal(['node-1/a', 'node-2/b'])
    expect(answer().nodes?.map(({ nodeId, agents }) => [nodeId, agents])).to.deep.equal([['node-1', 1], ['node-2', 1]])
  })

  it('is marked as stale while nodes are out of reach', () => {
    membership.stand({ standing: 'majority', reachable: 1 })
    expect(list()).to.include({ stale: true })
  })
})
