import { expect } from 'chai'
import { heirOf } from '../../../../../kernel/lifecycle/cluster/heir.js'

describe('The heir of an agent whose node is dead', () => {
  const survivors = ['node-2', 'node-3', 'node-4'].map(nodeId => ({ nodeId, zone: 'a', agents: 0 }))
  const placement = { adopter: (_agent: string, zone: string) => `chosen beside ${zone}` }
  const heir = (homes: readonly string[], isBound = false): string | undefined =>
    heirOf({ name: 'a', homes, isBound }, 'b', survivors, placement)

  it('is the first living node of those where the agent is wanted', () => {
    expect(heir(['node-1', 'node-4', 'node-2'])).to.equal('node-4')
    expect(heir(['node-3'], true)).to.equal('node-3')
  })

  it('is chosen by the placement where none of those lives, or none is named', () => {
    expect(heir([])).to.equal('chosen beside b')
    expect(heir(['node-1', 'node-9'])).to.equal('chosen beside b')
  })

  it('is nobody where the agent may run on dead nodes only', () => {
    expect(heir(['node-1'], true)).to.equal(undefined)
  })
})
