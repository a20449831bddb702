import { expect } from 'chai'
import { Suspicion, suspicionSpan } from '../../../../../plugins/cluster-swim/members/suspicion.js'
import { SETTINGS } from '../../../../support/cluster-swim/simulated-cluster.js'
import { VirtualClock } from '../../../../support/virtual-clock.js'

describe('Suspicion', () => {
  const begin = (span: { confirmations: number, min: number, max: number }) => {
    const clock = new VirtualClock()
    let expired = 0
    const suspicion = new Suspicion(clock, span, 'first', () => { expired += 1 })
    return { clock, suspicion, hasExpired: () => expired > 0 }
  }
  const TWO = { confirmations: 2, min: 2400, max: 4800 }

  it('lasts longest when nobody else confirms it', () => {
    const { clock, hasExpired } = begin(TWO)
    clock.advance(4799)
    expect(hasExpired()).to.equal(false)
    clock.advance(1)
    expect(hasExpired()).to.equal(true)
  })

  it('is shortened by each further accuser, down to the least', () => {
    const { clock, suspicion, hasExpired } = begin(TWO)
    expect(suspicion.confirm('second')).to.equal(true)
    // 4800 - ln 2 / ln 3 * 2400
    clock.advance(3284)
    expect(hasExpired()).to.equal(false)
    clock.advance(1)
    expect(hasExpired()).to.equal(true)
  })

  it('ends at once when the last accuser comes after the least time', () => {
    const { clock, suspicion, hasExpired } = begin(TWO)
    clock.advance(3000)
    suspicion.confirm('second')
    suspicion.confirm('third')
    clock.advance(0)
    expect(hasExpired()).to.equal(true)
  })

  it('counts nobody twice, nor more than it needs', () => {
    const { suspicion } = begin(TWO)
    expect(suspicion.confirm('first')).to.equal(false)
    expect(suspicion.confirm('second')).to.equal(true)
    expect(suspicion.confirm('second')).to.equal(false)
    expect(suspicion.confirm('third')).to.equal(true)
    expect(suspicion.confirm('fourth')).to.equal(false)
  })

  it('is as long as the number of nodes asks for', () => {
    expect(suspicionSpan(SETTINGS, 3)).to.deep.equal({ confirmations: 0, min: 2200, max: 2200 })
    expect(suspicionSpan(SETTINGS, 100)).to.deep.equal({ confirmations: 2, min: 2400, max: 4800 })
    const { min } = suspicionSpan(SETTINGS, 1000)
    expect(min).to.be.closeTo(3600, 2)
  })
})
