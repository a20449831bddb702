import { expect } from 'chai'
import { inTime, orAborted, within } from '../../../../kernel/contract/index.js'
import { untilAborted } from '../../../../kernel/routing/operations/bounded-wait.js'
import { settled, VirtualClock } from '../../../support/virtual-clock.js'

const reasonOf =
  async (work: Promise<unknown>): Promise<unknown> => work.then(() => undefined, (error: unknown) => error)
const never = (): Promise<never> => new Promise(() => {})

describe('bounded wait', () => {
  it('rejects with the reason of the signal, before or during the wait', async () => {
    const reason = new Error('gone')
    expect(await reasonOf(orAborted(never(), AbortSignal.abort(reason)))).to.equal(reason)
    const leaving = new AbortController()
    const waiting = reasonOf(orAborted(never(), leaving.signal))
    leaving.abort(reason)
    expect(await waiting).to.equal(reason)
  })

  it('gives up after its time, tells the work, and leaves no timer', async () => {
    const clock = new VirtualClock()
    let told = false
    const waiting = reasonOf(within(clock, 50, undefined, signal => {
      signal.addEventListener('abort', () => { told = true })
      return never()
    }))
    await clock.pass(50)
    expect(await waiting).to.have.property('message', 'no answer within 50 ms')
    expect(told).to.equal(true)
    expect(clock.pending).to.equal(0)
  })

  it('leaves no timer behind work that was done', async () => {
    const clock = new VirtualClock()
    expect(await within(clock, 50, undefined, async () => 7)).to.equal(7)
    expect(clock.pending).to.equal(0)
  })

  it('bounds work that nothing can end', async () => {
    const clock = new VirtualClock()
    expect(await inTime(clock, 50, Promise.resolve(7))).to.equal(7)
    expect(await reasonOf(inTime(clock, 50, Promise.reject(new Error('full'))))).to.have.property('message', 'full')
    const waiting = reasonOf(inTime(clock, 50, never()))
    await clock.pass(50)
    expect(await waiting).to.have.property('message', 'no answer within 50 ms')
    expect(clock.pending).to.equal(0)
  })

  it('survives a source whose closing fails', async () => {
    const source = { [Symbol.asyncIterator]: () => ({ next: never, return: () => { throw new Error('stuck') } }) }
    const leaving = new AbortController()
    const reading = reasonOf(untilAborted(source, leaving.signal).next())
    await settled()
    leaving.abort(new Error('gone'))
    expect(await reading).to.have.property('message', 'gone')
    await settled()
  })
})
