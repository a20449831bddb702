import { expect } from 'chai'
import type { CommandInput } from '../../../../../kernel/contract/index.js'
import { PlacementStrategy } from '../../../../../kernel/contract/index.js'
import { placementOf } from '../../../../../kernel/command/commands/placement-choice.js'

const { UNSPECIFIED, LEAST_LOADED, PREFER, NODE, SPREAD } = PlacementStrategy
const input = (options: Readonly<Record<string, string>>): CommandInput =>
  ({ arguments: {}, options: Object.fromEntries(Object.entries(options).map(([name, value]) => [name, [value]])) })

describe('where `caxton agents deploy` wants an agent', () => {
  it('is left to the server, a strategy, one node, or some in order', () => {
    expect(placementOf(input({}))).to.deep.equal({ strategy: UNSPECIFIED, nodes: [], replicas: 0 })
    expect(placementOf(input({ placement: 'least-loaded' })).strategy).to.equal(LEAST_LOADED)
    expect(placementOf(input({ placement: 'spread', replicas: '3' }))).to.deep.equal({ strategy: SPREAD, nodes: [], replicas: 3 })
    expect(placementOf(input({ node: 'node-1' }))).to.deep.equal({ strategy: NODE, nodes: ['node-1'], replicas: 0 })
    expect(placementOf(input({ prefer: 'node-2, node-1' }))).to.deep.equal({ strategy: PREFER, nodes: ['node-2', 'node-1'], replicas: 0 })
  })

  it('is one of these, with a number of replicas that makes sense', () => {
    expect(() => placementOf(input({ placement: 'anywhere' }))).to.throw('anywhere')
    expect(() => placementOf(input({ node: 'node-1', prefer: 'node-2' }))).to.throw('--prefer')
    for (const replicas of ['0', '101', 'x']) expect(() => placementOf(input({ replicas }))).to.throw('--replicas')
  })
})
