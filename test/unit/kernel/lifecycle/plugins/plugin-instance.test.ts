import { expect } from 'chai'
import { PluginInstance } from '../../../../../kernel/lifecycle/plugins/plugin-instance.js'
import { entryOf } from '../../../../support/plugin-entries.js'
import { RecordingLogger } from '../../../../support/recording-logger.js'
import { VirtualClock } from '../../../../support/virtual-clock.js'

describe('one plugin in its life', () => {
  it('is stopped once, and not at all before it began', async () => {
    let stops = 0
    const entry = entryOf('a', { life: { stop: async () => { stops++ } } })
    const instance = new PluginInstance(entry, { clock: new VirtualClock(), log: new RecordingLogger(),
      failed: () => {} })
    await instance.stop(1000)
    expect(stops).to.equal(0)
    await instance.start(undefined, () => undefined, 1000, new AbortController().signal)
    await instance.stop(1000)
    await instance.stop(1000)
    expect(stops).to.equal(1)
  })
})
