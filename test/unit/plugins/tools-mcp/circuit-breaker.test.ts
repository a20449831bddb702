import { expect } from 'chai'
import { CircuitBreaker } from '../../../../plugins/tools-mcp/servers/circuit-breaker.js'

describe('what spares a tool server', () => {
  const breaker = (): CircuitBreaker => new CircuitBreaker({ failures: 3, open: 1_000 })
  const fail = (subject: CircuitBreaker, times: number, at = 0): void => {
    for (let count = 0; count < times; count++) {
      expect(subject.enter(at)).to.equal(true)
      subject.failed(at)
    }
  }

  it('lets everything through until so many failed in a row', () => {
    const subject = breaker()
    fail(subject, 2)
    subject.succeeded()
    fail(subject, 2)
    expect(subject.enter(0)).to.equal(true)
  })

  it('lets nothing through for a while then', () => {
    const subject = breaker()
    fail(subject, 3)
    expect([subject.enter(0), subject.enter(999), subject.isOpen(999)]).to.deep.equal([false, false, true])
  })

  it('lets one through afterwards, and by that all or none', () => {
    const subject = breaker()
    fail(subject, 3)
    expect([subject.enter(1_000), subject.enter(1_000)]).to.deep.equal([true, false])
    subject.failed(1_000)
    expect([subject.enter(1_999), subject.enter(2_000)]).to.deep.equal([false, true])
    subject.succeeded()
    expect([subject.enter(2_000), subject.enter(2_000)]).to.deep.equal([true, true])
  })

  it('lets another one through when it was not found out how the one went', () => {
    const subject = breaker()
    fail(subject, 3)
    expect(subject.enter(1_000)).to.equal(true)
    subject.abandoned()
    expect(subject.enter(1_000)).to.equal(true)
  })
})
