import { expect } from 'chai'
import fc from 'fast-check'
import { TokenBuckets } from '../../../../plugins/rate-limit/token-buckets.js'

const rate = fc.record({ perSecond: fc.double({ min: 0.1, max: 500, noNaN: true }), burst: fc.integer({ min: 1, max: 20 }) })
const waits = fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 60 })

describe('token buckets', () => {
  it('never give more than the burst and what the rate adds, in any span of time', () => {
    fc.assert(fc.property(rate, waits, (wanted, steps) => {
      const buckets = new TokenBuckets(wanted, 100, 1)
      const taken: number[] = []
      let now = 0
      for (const step of steps) {
        now += step
        if (buckets.take('ann', now) === 0) taken.push(now)
      }
      for (let from = 0; from < taken.length; from++) {
        for (let to = from; to < taken.length; to++) {
          const most = wanted.burst + ((taken[to] ?? 0) - (taken[from] ?? 0)) * wanted.perSecond / 1_000
          expect(to - from + 1).to.be.at.most(most + 1e-3)
        }
      }
    }))
  })

  it('never refuse who keeps to the rate', () => {
    fc.assert(fc.property(rate, fc.array(fc.double({ min: 1, max: 3, noNaN: true }), { maxLength: 60 }), (wanted, steps) => {
      const buckets = new TokenBuckets(wanted, 100, 1)
      let now = 0
      for (const step of steps) {
        now += step * 1_000 / wanted.perSecond
        expect(buckets.take('ann', now)).to.equal(0)
      }
    }))
  })

  it('admit who waits as long as told, and nobody sooner', () => {
    // Whole rates: what comes in a millisecond is then no matter of rounding.
    const whole = fc.record({ perSecond: fc.integer({ min: 1, max: 500 }), burst: fc.integer({ min: 1, max: 20 }) })
    fc.assert(fc.property(whole, waits, fc.integer({ min: 0, max: 50 }), (wanted, steps, cost) => {
      const buckets = new TokenBuckets(wanted, 100, 1)
      let now = 0
      for (const step of steps) {
        now += step
        if (step === 7) buckets.charge('ann', cost, now)
        const wait = buckets.take('ann', now)
        if (wait === 0) continue
        if (wait > 1) expect(buckets.take('ann', now + wait - 1)).to.be.greaterThan(0)
        now += wait
        expect(buckets.take('ann', now)).to.equal(0)
      }
    }))
  })

  it('keep keys apart', () => {
    const buckets = new TokenBuckets({ perSecond: 1, burst: 1 }, 100, 1)
    expect([buckets.take('ann', 0), buckets.take('ann', 0), buckets.take('bob', 0)]).to.deep.equal([0, 1_000, 0])
  })

  it('go no further below zero than they go above', () => {
    const buckets = new TokenBuckets({ perSecond: 1, burst: 10 }, 100, 1)
    for (let round = 0; round < 5; round++) buckets.charge('ann', 1_000, 0)
    expect(buckets.take('ann', 0)).to.equal(11_000)
  })

  it('keep their bound under a million keys, which win nobody back what it used up', () => {
    const buckets = new TokenBuckets({ perSecond: 1, burst: 2 }, 1_000, 12_345)
    expect([buckets.take('eve', 0), buckets.take('eve', 0)]).to.deep.equal([0, 0])
    let admitted = 0
    for (let number = 0; number < 1_000_000; number++) if (buckets.take(`flood-${number}`, 1) === 0) admitted += 1
    expect(buckets.size).to.equal(1_000)
    expect(buckets.take('eve', 2)).to.be.greaterThan(0)
    // One token of each bucket of one's own, and all of the shared ones: after that the flood gets nothing for its new names.
    expect(admitted).to.be.at.most(1_000 + 2 * 1_024)
  }).timeout(20_000)

  it('are given to newcomers once they are full again', () => {
    const buckets = new TokenBuckets({ perSecond: 1, burst: 2 }, 16, 1)
    for (let number = 0; number < 16; number++) buckets.take(`early-${number}`, 0)
    for (let number = 0; number < 16; number++) buckets.take(`late-${number}`, 5_000)
    expect(buckets.size).to.equal(16)
    expect([buckets.take('late-3', 5_000), buckets.take('late-3', 5_000)]).to.deep.equal([0, 1_000])
  })

  it('take long names for no more than short ones', () => {
    const buckets = new TokenBuckets({ perSecond: 1, burst: 1 }, 16, 1)
    const long = 'x'.repeat(100_000)
    expect([buckets.take(`${long}a`, 0), buckets.take(`${long}a`, 0), buckets.take(`${long}b`, 0)]).to.deep.equal([0, 1_000, 0])
  })
})
