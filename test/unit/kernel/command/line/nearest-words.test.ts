import { expect } from 'chai'
import fc from 'fast-check'
import { nearestWords } from '../../../../../kernel/command/line/nearest-words.js'

describe('nearest-words', () => {
  it('offers only known words, a word itself first of all', () => {
    const words = fc.array(fc.string({ minLength: 1, maxLength: 12 }), { minLength: 1 })
    fc.assert(fc.property(words, fc.nat(), (known, choice) => {
      const typed = known[choice % known.length] ?? ''
      const near = nearestWords(typed, known)
      expect(near[0]?.toLowerCase()).to.equal(typed.toLowerCase())
      expect(known).to.include.members(near)
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
