import { expect } from 'chai'
import { MemberRecord } from '../../../../../plugins/cluster-swim/members/member-record.js'
import { Sweep } from '../../../../../plugins/cluster-swim/partition/sweep.js'
import { VirtualClock } from '../../../../support/virtual-clock.js'

describe('Sweep', () => {
  const begin = (lateUntil = -1) => {
    const clock = new VirtualClock()
    const record = new MemberRecord('b', { host: '10.0.0.2', port: 7946 })
    record.answeredAt = -1
    const targets = [record]
    const [pings, ends]: [number[], Array<{ readonly at: number, readonly silent: readonly string[] }>] = [[], []]
    const ping = (): void => { pings.push(clock.elapsed()) }
    const sweep = new Sweep(clock, () => [...targets], ping, () => clock.elapsed() <= lateUntil, silent => {
      ends.push({ at: clock.elapsed(), silent: silent.map(({ name }) => name) })
    })
    sweep.start()
    return { clock, record, targets, pings, ends }
  }

  it('asks a silent node again and again for two seconds, then says that it is silent', async () => {
    const { clock, pings, ends } = begin()
    await clock.pass(10_000)
    expect(pings).to.have.length(8)
    expect(ends).to.deep.equal([{ at: 2000, silent: ['b'] }])
  })

  it('waits for answers before it asks anew, where this process stood still, but not for ever', async () => {
    const { clock, pings, ends } = begin(Infinity)
    await clock.pass(2000)
    expect(pings).to.have.length(1)
    await clock.pass(20_000)
    expect(pings).to.have.length(2)
    expect(ends.map(({ silent }) => silent)).to.deep.equal([['b']])
    expect(ends[0]?.at).to.be.within(6000, 10_000)
  })

  it('calls nobody silent who came while it asked, or came back', async () => {
    const { clock, record, targets, ends } = begin()
    await clock.pass(1100)
    const newcomer = new MemberRecord('c', { host: '10.0.0.3', port: 7946 })
    newcomer.answeredAt = -1
    targets.splice(0, 1, newcomer)
    await clock.pass(250)
    targets.push(record)
    await clock.pass(2000)
    expect(ends.map(({ silent }) => silent)).to.deep.equal([[]])
  })

  it('takes an answer that is read late', async () => {
    const { clock, record, ends } = begin(3000)
    await clock.pass(2500)
    expect(ends).to.deep.equal([])
    record.answeredAt = clock.elapsed()
    await clock.pass(2000)
    expect(ends.map(({ silent }) => silent)).to.deep.equal([[]])
  })
})
