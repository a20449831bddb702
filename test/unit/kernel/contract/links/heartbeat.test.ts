import { expect } from 'chai'
import { Heartbeat } from '../../../../../kernel/contract/links/heartbeat.js'
import { VirtualClock } from '../../../../support/virtual-clock.js'

describe('Heartbeat', () => {
  let clock: VirtualClock
  let received: number
  let asked: number[]
  let lost: number[]
  let heartbeat: Heartbeat

  beforeEach(() => {
    clock = new VirtualClock()
    received = 0
    asked = []
    lost = []
    const timing = { keepalive: 2000, keepalive_timeout: 3000 }
    heartbeat = new Heartbeat(
      clock, timing, () => received, () => { asked.push(clock.elapsed()) }, () => { lost.push(clock.elapsed()) })
    heartbeat.start()
  })

  afterEach(() => {
    heartbeat.stop()
    expect(clock.pending).to.equal(0)
  })

  it('asks after silence, and gives the other side up when it does not answer', () => {
    clock.advance(4999)
    expect([asked, lost]).to.deep.equal([[2000], []])
    clock.advance(1)
    expect(lost).to.deep.equal([5000])
  })

  it('asks nothing while something comes in', () => {
    for (let i = 0; i < 10; i++) {
      received += 1
      clock.advance(1500)
    }
    expect([asked, lost]).to.deep.equal([[], []])
  })

  it('goes on when an answer comes', () => {
    clock.advance(3000)
    received += 1
    clock.advance(2000 + 1999)
    expect([asked, lost]).to.deep.equal([[2000], []])
    clock.advance(1)
    expect(asked).to.deep.equal([2000, 7000])
  })

  it('takes what came while this process itself stood still', () => {
    clock.advance(2000)
    // Timers fire first; what waits in the sockets is read after them.
    clock.after(3000, () => { received += 1 })
    clock.advance(3000)
    expect(lost).to.deep.equal([])
  })
})
