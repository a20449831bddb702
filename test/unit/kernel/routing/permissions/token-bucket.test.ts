import { expect } from 'chai'
import fc from 'fast-check'
import { TokenBucket } from '../../../../../kernel/routing/permissions/token-bucket.js'

describe('a token bucket', () => {
  const taken = (bucket: TokenBucket, now: number, tries: number): number =>
    Array.from({ length: tries }, () => bucket.take(now)).filter(Boolean).length

  it('gives two seconds\' worth at once, then as many as come in', () => {
    const bucket = new TokenBucket(10, 1_000)
    expect([taken(bucket, 1_000, 50), taken(bucket, 1_050, 50), taken(bucket, 1_100, 50), taken(bucket, 60_000, 50)])
      .to.deep.equal([20, 0, 1, 20])
  })

  it('lets what was taken beyond come in first', () => {
    const bucket = new TokenBucket(10, 0)
    bucket.charge(25)
    expect([bucket.take(0), bucket.take(500), bucket.take(600)]).to.deep.equal([false, false, true])
  })

  it('never gives more than the rate allows over any time, whatever the clock says', () => {
    const times = fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 60 })
    fc.assert(fc.property(fc.integer({ min: 1, max: 1_000 }), times, (rate, steps) => {
      const bucket = new TokenBucket(rate, 0)
      let now = 0
      let count = 0
      for (const step of steps) {
        now += step
        // Also with a clock that goes back a little.
        count += taken(bucket, now, 20) + taken(bucket, now - step / 2, 5)
        expect(count).to.be.at.most(rate * 2 + rate * now / 1_000 + 1e-6)
      }
    }))
  })
})
