import { expect } from 'chai'
import { LoopLag } from '../../../../../plugins/cluster-swim/probing/loop-lag.js'
import { StallingClock } from '../../../../support/cluster-swim/stalling-clock.js'
import { VirtualClock } from '../../../../support/virtual-clock.js'

describe('LoopLag', () => {
  const begin = () => {
    const time = new VirtualClock()
    const clock = new StallingClock(time)
    const lag = new LoopLag(clock, 100)
    lag.start()
    return { time, clock, lag }
  }

  it('sees nothing while timers fire in time', () => {
    const { time, lag } = begin()
    time.advance(10_000)
    expect(lag.wasLateSince(0)).to.equal(false)
  })

  it('sees that the process stood still, also before its own timer has fired', () => {
    const { time, clock, lag } = begin()
    time.advance(1000)
    clock.stall(500)
    time.advance(499)
    expect(lag.wasLateSince(900)).to.equal(true)
    time.advance(200)
    expect(lag.wasLateSince(900)).to.equal(true)
    expect(lag.wasLateSince(1600)).to.equal(false)
  })

  it('forgets it after a while, and leaves no timer behind', () => {
    const { time, clock, lag } = begin()
    clock.stall(500)
    time.advance(20_000)
    clock.stall(500)
    time.advance(1000)
    lag.stop()
    expect(time.pending).to.equal(0)
  })
})
