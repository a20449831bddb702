import { expect } from 'chai'
import fc from 'fast-check'
import type { PlaceableNode, PlacementMove } from '../../../../kernel/contract/index.js'
import { RendezvousPlacement } from '../../../../plugins/placement-rendezvous/rendezvous-placement.js'

const placement = new RendezvousPlacement()
const nodesOf = (counts: readonly number[], zones = 1): PlaceableNode[] =>
  counts.map((agents, index) => ({ nodeId: `node-${index}`, zone: `zone-${index % zones}`, agents }))

/** Agents with names of their own, all of them movable. */
const agentsOf = (nodes: readonly PlaceableNode[]): Map<string, string[]> =>
  new Map(nodes.map(({ nodeId, agents }) => [nodeId, Array.from({ length: agents }, (_, index) => `${nodeId}-agent-${index}`)]))

function after (nodes: readonly PlaceableNode[], moves: readonly PlacementMove[]): number[] {
  return nodes.map(({ nodeId, agents }) =>
    agents + moves.filter(({ to }) => to === nodeId).length - moves.filter(({ from }) => from === nodeId).length)
}

const isBalanced = (counts: readonly number[]): boolean =>
  Math.max(...counts) <= Math.min(...counts) + Math.max(1, Math.min(...counts) / 10)

/** Tries every outcome: the fewest agents that must leave a node. */
function fewestMoves (counts: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0)
  let fewest = Infinity
  const tryFrom = (index: number, left: number, chosen: readonly number[]): void => {
    if (index === counts.length) {
      if (left > 0 || !isBalanced(chosen)) return
      fewest = Math.min(fewest, chosen.reduce((sum, target, at) => sum + Math.max(0, (counts[at] ?? 0) - target), 0))
      return
    }
    for (let target = 0; target <= left; target++) tryFrom(index + 1, left - target, [...chosen, target])
  }
  tryFrom(0, total, [])
  return fewest
}

describe('RendezvousPlacement', () => {
  it('balances with the fewest moves that are possible', () => {
    fc.assert(fc.property(fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 4 }), counts => {
      const nodes = nodesOf(counts)
      const moves = placement.balance(agentsOf(nodes), nodes)
      expect(isBalanced(after(nodes, moves))).to.equal(true)
      expect(moves).to.have.length(fewestMoves(counts))
    }), { numRuns: 60 })
  })

  it('leaves a tenth of difference alone, and ends within a tenth', () => {
    const nodes = nodesOf([1_000, 1_090, 1_050, 1_400])
    const moves = placement.balance(agentsOf(nodes), nodes)
    const counts = after(nodes, moves)
    expect(isBalanced(counts)).to.equal(true)
    expect(moves.every(({ from }) => from === 'node-3')).to.equal(true)
    expect(moves.length).to.be.below(400 - 117)
    expect(placement.balance(agentsOf(nodesOf([1_000, 1_090])), nodesOf([1_000, 1_090]))).to.deep.equal([])
  })

  it('moves all agents of a node that takes none, and no others if that is enough', () => {
    const nodes = nodesOf([10, 10, 10])
    const agents = agentsOf(nodes).set('leaving', ['a', 'b', 'c', 'd'])
    const moves = placement.balance(agents, nodes)
    expect(moves.map(({ agent }) => agent)).to.have.members(['a', 'b', 'c', 'd'])
    expect(isBalanced(after(nodes, moves))).to.equal(true)
  })

  it('leaves agents where they are that are not in the list', () => {
    const nodes = nodesOf([20, 0])
    const moves = placement.balance(new Map([['node-0', ['a', 'b']]]), nodes)
    expect(moves.map(({ agent }) => agent)).to.have.members(['a', 'b'])
  })

  it('brings no agent to a node that has one of its name', () => {
    const nodes = nodesOf([4, 1, 0])
    const agents = new Map([['node-0', ['web', 'a', 'b', 'c']], ['node-1', ['web']]])
    for (const { agent, to } of placement.balance(agents, nodes)) expect(agent === 'web' && to === 'node-1').to.equal(false)
  })

  it('moves nothing where there is nobody', () => {
    expect(placement.balance(new Map([['a', ['x']]]), [])).to.deep.equal([])
  })

  it('gives each survivor about as many agents of a dead node', () => {
    const survivors = nodesOf(Array.from({ length: 10 }, () => 0), 3)
    const counts = new Map<string, number>()
    for (let index = 0; index < 10_000; index++) {
      const adopter = placement.adopter(`agent-${index}`, 'elsewhere', survivors) ?? ''
      counts.set(adopter, (counts.get(adopter) ?? 0) + 1)
    }
    expect([...counts.values()]).to.have.length(10)
    expect(Math.min(...counts.values())).to.be.above(850)
    expect(Math.max(...counts.values())).to.be.below(1_150)
  })

  it('spreads deployments at one moment over nodes of equal load', () => {
    const nodes = nodesOf([7, 7, 7, 7])
    const chosen = Array.from({ length: 100 }, (_, index) => placement.choose(`agent-${index}`, { strategy: 'least-loaded' }, 1, nodes)[0])
    for (const { nodeId } of nodes) expect(chosen.filter(each => each === nodeId).length).to.be.above(10)
  })
})
