import { expect } from 'chai'
import { RemoteSweep } from '../../../../../kernel/lifecycle/cluster/remote-sweep.js'
import { VirtualClock } from '../../../../support/virtual-clock.js'

describe('RemoteSweep', () => {
  it('sweeps each minute with a single timer, and no more when it is stopped', () => {
    const clock = new VirtualClock()
    const silences: number[] = []
    const sweep = new RemoteSweep({ sweep: silence => { silences.push(silence) } }, clock)
    sweep.start()
    clock.advance(3_600_000)
    expect(silences).to.deep.equal(Array.from({ length: 61 }, () => 600_000))
    expect(clock.pending).to.equal(1)
    sweep.stop()
    expect(clock.pending).to.equal(0)
  })
})
