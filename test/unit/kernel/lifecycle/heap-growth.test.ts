import { expect } from 'chai'
import { HeapGrowth } from '../../../../kernel/lifecycle/heap-growth.js'

describe('growth of heaps', () => {
  let told: number[]
  let growth: HeapGrowth

  beforeEach(() => {
    told = []
    growth = new HeapGrowth(percent => { told.push(percent) })
  })

  it('lets them double while there are few agents, and says so once', () => {
    growth.agents(0)
    growth.agents(800)
    expect(told).to.deep.equal([100])
  })

  it('gives less the more agents there are, down to a quarter', () => {
    for (const count of [0, 4_000, 7_000, 10_000, 100_000]) growth.agents(count)
    expect(told).to.deep.equal([100, 70, 45, 25])
  })

  it('gives more again when agents have gone', () => {
    growth.agents(10_000)
    growth.agents(10)
    expect(told).to.deep.equal([25, 100])
  })
})
