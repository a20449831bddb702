import { expect } from 'chai'
import fc from 'fast-check'
import { editDistance, nearestWords } from '../../../../../kernel/command/line/nearest-words.js'

describe('nearest-words', () => {
  it('counts insertions, deletions, replacements and swaps as one edit each', () => {
    expect(editDistance('agents', 'agnets')).to.equal(1)
    expect(editDistance('agent', 'agents')).to.equal(1)
    expect(editDistance('list', 'lost')).to.equal(1)
    expect(editDistance('', 'abc')).to.equal(3)
  })

  it('is a distance: zero for the same word only, the same both ways, never more than the longer word', () => {
    const word = fc.string({ maxLength: 12 })
    fc.assert(fc.property(word, word, (a, b) => {
      const distance = editDistance(a, b)
      expect(distance === 0).to.equal(a === b)
      expect(distance).to.equal(editDistance(b, a))
      expect(distance).to.be.at.most(Math.max(a.length, b.length))
    }), { numRuns: 200 })
  })

  it('offers the nearest first, a begun word too, and nothing that is far away', () => {
    expect(nearestWords('lsit', ['list', 'last', 'inspect'])).to.deep.equal(['list'])
    expect(nearestWords('insp', ['inspect', 'start'])).to.deep.equal(['inspect'])
    expect(nearestWords('AGENT_NOT_FOND', ['AGENT_NOT_FOUND', 'AGENT_EXISTS'])).to.deep.equal(['AGENT_NOT_FOUND'])
    expect(nearestWords('zzz', ['list', 'start'])).to.deep.equal([])
  })

  it('does not compare what is longer than any word', () => {
    expect(nearestWords('a'.repeat(100_000), ['list'])).to.deep.equal([])
  })
})
