import { expect } from 'chai'
import { HeapGrowth } from '../../../../kernel/lifecycle/heap-growth.js'

const MIB = 2 ** 20

describe('growth of heaps', () => {
  let told: number[]
  let growth: HeapGrowth

  beforeEach(() => {
    told = []
    growth = new HeapGrowth(percent => { told.push(percent) })
    growth.start()
  })

  it('lets a heap double at first, and while it is small', () => {
    growth.collected(5 * MIB)
    growth.collected(20 * MIB)
    expect(told).to.deep.equal([100])
  })

  it('gives larger heaps less, down to 40 percent', () => {
    for (const size of [25, 33, 50, 400]) growth.collected(size * MIB)
    expect(told).to.deep.equal([100, 80, 60, 40])
  })

  it('gives more again to a heap that has become small', () => {
    growth.collected(100 * MIB)
    growth.collected(20 * MIB)
    expect(told).to.deep.equal([100, 40, 100])
  })

  it('is left to V8 in the end', () => {
    growth.stop()
    expect(told).to.deep.equal([100, 0])
  })
})
