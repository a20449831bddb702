import { expect } from 'chai'
import type { Clock, Timer } from '../../../../../kernel/contract/index.js'
import { MetricsRegistry } from '../../../../../kernel/observability/metrics.js'
import { LoopLag } from '../../../../../kernel/observability/process/loop-lag.js'
import { VirtualClock } from '../../../../support/virtual-clock.js'

describe('the lag of the event loop', () => {
  it('is how late timers come, however long the thread was held', () => {
    const clock = new VirtualClock()
    let held = 0
    const busy: Clock = {
      now: () => clock.now(),
      elapsed: () => clock.elapsed() + held,
      after: (milliseconds: number, action: () => void): Timer => clock.after(milliseconds, action),
    }
    const metrics = new MetricsRegistry()
    const lag = new LoopLag(metrics, busy)
    lag.start()
    clock.advance(200)
    held += 2_000
    clock.advance(100)
    lag.stop()
    clock.advance(1_000)
    expect(clock.pending).to.equal(0)
    const [measured] = metrics.snapshot()
    expect(measured?.samples[0]?.value).to.equal(2)
    expect(measured).to.have.nested.property('samples[0].counts[0]', 2)
  })
})
