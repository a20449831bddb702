import { expect } from 'chai'
import sinon from 'sinon'
import { SystemClock } from '../../../../kernel/observability/system-clock.js'
import { SystemRandom } from '../../../../kernel/observability/system-random.js'

describe('system clock', () => {
  let fake: sinon.SinonFakeTimers
  beforeEach(() => { fake = sinon.useFakeTimers({ now: 5_000 }) })
  afterEach(() => { fake.restore() })

  it('calls once after the time given', () => {
    const action = sinon.spy()
    new SystemClock().after(100, action)
    fake.tick(99)
    sinon.assert.notCalled(action)
    fake.tick(1_000)
    sinon.assert.calledOnce(action)
  })

  it('waits longer than setTimeout can', () => {
    const action = sinon.spy()
    new SystemClock().after(2 ** 31 + 50, action)
    fake.tick(2 ** 31 + 49)
    sinon.assert.notCalled(action)
    fake.tick(1)
    sinon.assert.calledOnce(action)
  })

  it('cancels a long wait in its second part', () => {
    const action = sinon.spy()
    const timer = new SystemClock().after(2 ** 31 + 50, action)
    fake.tick(2 ** 31 + 10)
    timer.cancel()
    fake.tick(1_000)
    sinon.assert.notCalled(action)
  })

  it('calls in the next turn of the event loop when there is nothing to wait for, not a millisecond later', () => {
    const action = sinon.spy()
    const cancelled = sinon.spy()
    new SystemClock().after(0, action)
    new SystemClock().after(0, cancelled).cancel()
    sinon.assert.notCalled(action)
    fake.tick(0)
    sinon.assert.calledOnce(action)
    sinon.assert.notCalled(cancelled)
  })

  it('tells the wall clock in milliseconds', () => {
    expect(new SystemClock().now()).to.equal(5_000)
  })
})

describe('system random', () => {
  it('gives as many bytes as asked for', () => {
    expect(new SystemRandom().bytes(16)).to.have.length(16)
  })
})
