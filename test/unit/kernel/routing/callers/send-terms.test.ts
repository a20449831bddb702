import { expect } from 'chai'
import { termsOf, USUAL_TERMS, type AskedTerms, type SendTerms } from '../../../../../kernel/routing/callers/send-terms.js'

const ASKED = { priority: '', delivery: '', timeToLiveMilliseconds: 0, deliveryKey: '', receipt: false, toCapability: '', toTopic: '' }

const read = (more: Partial<AskedTerms>, principal = 'anonymous'): SendTerms => termsOf({ ...ASKED, ...more }, principal)

describe('the terms of a message', () => {
  it('are the usual ones when a caller asks for nothing', () => {
    expect(read({})).to.deep.equal(USUAL_TERMS)
  })

  it('name one of four priorities, and nothing else', () => {
    const priorities = ['low', 'normal', 'high', 'critical'].map(priority => read({ priority }).priority)
    expect(priorities).to.deep.equal([0, 1, 2, 3])
    for (const priority of ['High', 'urgent', '2']) expect(() => read({ priority }), priority).to.throw('priority')
  })

  it('name one of three ways of delivery, and nothing else', () => {
    const modes = ['at-most-once', 'at-least-once', 'exactly-once'].map(delivery => read({ delivery }).delivery)
    expect(modes).to.deep.equal([0, 1, 2])
    for (const delivery of ['durable', '1']) expect(() => read({ delivery }), delivery).to.throw('delivery')
  })

  it('have a key that is the caller\'s own, and tells agents neither who calls nor what it is', () => {
    const [mine, again, others, other] = [
      read({ deliveryKey: 'order-7' }), read({ deliveryKey: 'order-7' }), read({ deliveryKey: 'order-7' }, 'key:ci'),
      read({ deliveryKey: 'order-8' }),
    ].map(({ deliveryKey }) => deliveryKey)
    expect(again).to.equal(mine)
    expect(new Set([mine, others, other])).to.have.property('size', 3)
    expect(mine).not.to.contain('order')
    expect(() => read({ deliveryKey: 'k'.repeat(1_025) })).to.throw('delivery-key')
  })

  it('keep a message with a key until it was handled, and refuse one that is to be lost', () => {
    const modes = ['', 'at-least-once', 'exactly-once'].map(delivery => read({ deliveryKey: 'k', delivery }).delivery)
    expect(modes).to.deep.equal([1, 1, 2])
    expect(() => read({ deliveryKey: 'k', delivery: 'at-most-once' })).to.throw('exactly-once')
  })
})
