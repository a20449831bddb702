import { expect } from 'chai'
import { termsOf, USUAL_TERMS } from '../../../../kernel/routing/send-terms.js'

const NOTHING = { priority: '', timeToLiveMilliseconds: 0, receipt: false }

describe('the terms of a message', () => {
  it('are the usual ones when a caller asks for nothing', () => {
    expect(termsOf(NOTHING)).to.deep.equal(USUAL_TERMS)
  })

  it('name one of four priorities, and nothing else', () => {
    expect(['low', 'normal', 'high', 'critical'].map(priority => termsOf({ ...NOTHING, priority }).priority)).to.deep.equal([0, 1, 2, 3])
    for (const priority of ['High', 'urgent', '2']) expect(() => termsOf({ ...NOTHING, priority }), priority).to.throw('priority')
  })
})
