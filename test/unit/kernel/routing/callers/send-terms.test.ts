import { expect } from 'chai'
import { termsOf, USUAL_TERMS } from '../../../../../kernel/routing/callers/send-terms.js'

const ASKED = { priority: '', delivery: '', timeToLiveMilliseconds: 0, receipt: false, toCapability: '', toTopic: '' }

describe('the terms of a message', () => {
  it('are the usual ones when a caller asks for nothing', () => {
    expect(termsOf(ASKED)).to.deep.equal(USUAL_TERMS)
  })

  it('name one of four priorities, and nothing else', () => {
    const priorities = ['low', 'normal', 'high', 'critical'].map(priority => termsOf({ ...ASKED, priority }).priority)
    expect(priorities).to.deep.equal([0, 1, 2, 3])
    for (const priority of ['High', 'urgent', '2']) expect(() => termsOf({ ...ASKED, priority }), priority).to.throw('priority')
  })

  it('name one of three ways of delivery, and nothing else', () => {
    const modes = ['at-most-once', 'at-least-once', 'exactly-once'].map(delivery => termsOf({ ...ASKED, delivery }).delivery)
    expect(modes).to.deep.equal([0, 1, 2])
    for (const delivery of ['durable', '1']) expect(() => termsOf({ ...ASKED, delivery }), delivery).to.throw('delivery')
  })
})
