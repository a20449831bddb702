import { expect } from 'chai'
import { RefusalBound } from '../../../../plugins/audit-log/refusal-bound.js'
import { VirtualClock } from '../../../support/virtual-clock.js'

describe('the bound of recorded refusals', () => {
  it('lets so many through in a second, counts the others by result, and tells once', () => {
    const clock = new VirtualClock()
    const told: Array<Record<string, number>> = []
    const bound = new RefusalBound(clock, 3, beyond => { told.push(Object.fromEntries(beyond)) })
    const passed = Array.from({ length: 10 }, (_, i) => bound.passes(i % 2 === 0 ? 'UNAUTHORIZED' : 'FORBIDDEN')).filter(Boolean)
    expect(passed).to.have.length(3)
    clock.advance(1_000)
    expect(told).to.deep.equal([{ FORBIDDEN: 4, UNAUTHORIZED: 3 }])
    expect(bound.passes('UNAUTHORIZED')).to.equal(true)
    clock.advance(10_000)
    expect(told).to.have.length(1)
    expect(clock.pending).to.equal(0)
  })

  it('tells few results apart', () => {
    let told = 0
    const bound = new RefusalBound(new VirtualClock(), 1, beyond => { told = beyond.size })
    for (let i = 0; i < 1_000; i++) bound.passes(`CODE_${i}`)
    bound.flush()
    expect(told).to.equal(17)
  })
})
