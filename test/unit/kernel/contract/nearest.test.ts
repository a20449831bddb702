import { expect } from 'chai'
import fc from 'fast-check'
import { didYouMean, nearest } from '../../../../kernel/contract/nearest.js'

describe('nearest known word', () => {
  const known = ['port', 'host', 'data_dir', 'protocol-request']

  it('finds a word with a letter missing, doubled, replaced or swapped', () => {
    for (const written of ['prt', 'porrt', 'pork', 'prot']) expect(nearest(written, known), written).to.equal('port')
  })

  it('takes dashes, underscores and case for the same', () => {
    expect(nearest('DATA-DIR', known)).to.equal('data_dir')
  })

  it('suggests nothing where the words have little in common', () => {
    expect(nearest('colour', known)).to.equal(undefined)
    expect(didYouMean('colour', known)).to.equal('')
  })

  it('suggests nothing for a short word that would need more than one edit', () => {
    expect(nearest('ab', ['xy'])).to.equal(undefined)
  })

  it('always finds a word itself', () => {
    fc.assert(fc.property(fc.string({ minLength: 1, maxLength: 40 }), word => nearest(word, [word]) === word),
      { numRuns: 200 })
  })
})
