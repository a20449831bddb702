import { expect } from 'chai'
import { within, type Deadline } from '../../../../../kernel/lifecycle/plugins/deadline.js'
import { VirtualClock } from '../../../../support/virtual-clock.js'

describe('a deadline', () => {
  const clock = new VirtualClock()
  const deadline = (signal?: AbortSignal): Deadline =>
    ({ clock, milliseconds: 100, signal, late: () => new Error('late'), cancelled: () => new Error('cancelled') })
  const never = (): Promise<never> => new Promise(() => {})
  const outcome = (work: Promise<unknown>): Promise<string> =>
    work.then(value => `value ${String(value)}`, (error: unknown) =>
      error instanceof Error ? error.message : 'no error')

  afterEach(() => { expect(clock.pending).to.equal(0) })

  it('lets work through that ends in time', async () => {
    expect(await outcome(within(deadline(), async () => 7))).to.equal('value 7')
    expect(await outcome(within(deadline(), () => { throw new Error('own') }))).to.equal('own')
  })

  it('ends work that never settles, and aborts its signal', async () => {
    let signal: AbortSignal | undefined
    const ended = outcome(within(deadline(), inner => { signal = inner; return never() }))
    await clock.pass(99)
    expect(signal?.aborted).to.equal(false)
    await clock.pass(1)
    expect(await ended).to.equal('late')
    expect(signal?.aborted).to.equal(true)
  })

  it('ends work that is called off', async () => {
    const caller = new AbortController()
    const ended = outcome(within(deadline(caller.signal), never))
    caller.abort()
    expect(await ended).to.equal('cancelled')
  })

  it('does not begin what was called off before', async () => {
    let began = false
    expect(await outcome(within(deadline(AbortSignal.abort()), () => { began = true }))).to.equal('cancelled')
    expect(began).to.equal(false)
  })

  it('ignores a rejection that comes too late', async () => {
    let fail = (_error: Error): void => {}
    const ended = outcome(within(deadline(), () => new Promise((_resolve, reject) => { fail = reject })))
    await clock.pass(100)
    fail(new Error('much later'))
    expect(await ended).to.equal('late')
  })
})
