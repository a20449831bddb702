import { expect } from 'chai'
import fc from 'fast-check'
import type { AgentPlace } from '../../../../../kernel/lifecycle/agents/agent-record.js'
import { ShardPlaces } from '../../../../../kernel/lifecycle/shards/shard-places.js'

describe('the places in shards', () => {
  it('never give one slot to two agents, nor a slot beyond the number of agents at once', () => {
    const steps = fc.array(fc.option(fc.nat()), { maxLength: 100, size: 'max' })
    fc.assert(fc.property(fc.integer({ min: 1, max: 4 }), steps, (shards, script) => {
      const places = new ShardPlaces(shards)
      const held: AgentPlace[] = []
      let most = 0
      for (const step of script) {
        if (step === null) {
          const place = places.take()
          expect(held).not.to.deep.include(place)
          held.push(place)
          most = Math.max(most, held.length)
          expect(place.slot).to.be.below(most)
        } else {
          const [back] = held.splice(step % Math.max(1, held.length), 1)
          if (back !== undefined) places.giveBack(back)
        }
      }
    }), { numRuns: 300 })
  })

  it('spread agents evenly', () => {
    const places = new ShardPlaces(3)
    const shards = Array.from({ length: 9 }, () => places.take().shard)
    expect([0, 1, 2].map(shard => shards.filter(one => one === shard).length)).to.deep.equal([3, 3, 3])
  })

  it('give an agent the shard that it prefers, if there is such a shard', () => {
    const places = new ShardPlaces(3)
    expect([2, 2, 7, -1].map(preferred => places.take(preferred).shard)).to.deep.equal([2, 2, 0, 1])
  })
})
