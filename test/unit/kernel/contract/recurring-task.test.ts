import { expect } from 'chai'
import { RecurringTask } from '../../../../kernel/contract/index.js'
import { settled, VirtualClock } from '../../../support/virtual-clock.js'

describe('a recurring task', () => {
  let clock: VirtualClock
  let task: RecurringTask
  let begun: number
  let end: () => void

  beforeEach(() => {
    clock = new VirtualClock()
    begun = 0
    end = () => {}
    task = new RecurringTask(clock, 100, () => {
      begun += 1
      return new Promise(resolve => { end = resolve })
    })
  })

  it('is done after each interval, counted from the end of the time before', async () => {
    task.start()
    await clock.pass(99)
    expect(begun).to.equal(0)
    await clock.pass(1_000)
    expect(begun, 'it goes on').to.equal(1)
    end()
    await clock.pass(99)
    expect(begun).to.equal(1)
    await clock.pass(1)
    expect(begun).to.equal(2)
    end()
    await task.stop()
  })

  it('lets something else be done when it is not under way', async () => {
    const done: string[] = []
    task.start()
    await clock.pass(100)
    task.insert(async () => { done.push('else') })
    await settled()
    expect(done).to.deep.equal([])
    end()
    await settled()
    expect(done).to.deep.equal(['else'])
    await task.stop()
  })

  it('has ended when it was stopped, and is not done again', async () => {
    task.start()
    await clock.pass(100)
    let isStopped = false
    const stopping = task.stop().then(() => { isStopped = true })
    await settled()
    expect(isStopped).to.equal(false)
    end()
    await stopping
    await clock.pass(1_000)
    expect([begun, clock.pending]).to.deep.equal([1, 0])
  })
})
