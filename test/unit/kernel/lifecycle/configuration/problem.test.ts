import { expect } from 'chai'
import { defineError } from '../../../../../kernel/contract/index.js'
import { causesOf, problemOf } from '../../../../../kernel/lifecycle/configuration/problem.js'

describe('a problem', () => {
  const Broken = defineError({
    code: 'BROKEN', kind: 'internal', meaning: 'It broke.', remedy: 'Mend it.',
    sentence: (d: { what: string }) => `${d.what} broke`,
  })

  it('is plain data with what lies beneath', () => {
    const error = Broken({ what: 'it' }, { cause: new Error('outer', { cause: new Error('inner') }) })
    expect(problemOf(error, { phase: 'start', instance: 'x' })).to.deep.equal({
      code: 'BROKEN', kind: 'internal', phase: 'start', message: 'it broke', remedy: 'Mend it.', instance: 'x',
      causes: ['outer', 'inner'], ignored: false,
    })
  })

  it('names every member of an aggregate, only the first line of each, and ends even if causes go in a circle', () => {
    const loop = new Error('loop')
    loop.cause = loop
    expect(causesOf(new AggregateError([new Error('a\nstack'), 'b'], 'both'))).to.deep.equal(['both', 'a', 'b'])
    expect(causesOf(loop)).to.have.lengthOf(8)
  })
})
