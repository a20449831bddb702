import { expect } from 'chai'
import { ShardTime } from '../../../../../kernel/lifecycle/shards/shard-time.js'

describe('the time of a shard', () => {
  it('is the wall clock in whole milliseconds, and moves on with the monotonic one', () => {
    const time = new ShardTime()
    time.look()
    const before = time.now()
    expect(Number.isInteger(before)).to.equal(true)
    expect(Math.abs(before - Date.now())).to.be.below(1_000)
    time.passed(performance.now() + 60_000)
    expect(time.now() - before).to.be.within(59_000, 62_000)
  })
})
