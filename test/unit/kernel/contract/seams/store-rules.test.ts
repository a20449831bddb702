import { expect } from 'chai'
import fc from 'fast-check'
import { checkKey, collectionsAfter, compareKeys } from '../../../../../kernel/contract/index.js'

/** Text with many characters on both sides of the surrogates, where UTF-16 and UTF-8 disagree. */
const key = fc.array(fc.oneof(
  fc.constantFrom('a', 'b', '\u0000', '\ud7ff', '\ue000', '\uffff', '\u{10000}', '\u{1f600}', '\u{10ffff}'),
  fc.string({ unit: 'binary' }),
), { maxLength: 6 }).map(parts => parts.join(''))

/** Halves of surrogate pairs included. */
const anyUnit = fc.integer({ min: 0, max: 0xffff }).map(unit => String.fromCharCode(unit))

describe('The rules of every store', () => {
  it('compare keys as their UTF-8 bytes compare', () => {
    fc.assert(fc.property(key, key, (a, b) => {
      expect(Math.sign(compareKeys(a, b))).to.equal(Buffer.compare(Buffer.from(a), Buffer.from(b)))
    }), { numRuns: 2000 })
  })

  it('take a key exactly if it is well-formed and has 1 to 512 bytes', () => {
    fc.assert(fc.property(fc.string({ unit: anyUnit, maxLength: 250 }), text => {
      const bytes = Buffer.from(text)
      const isFine = bytes.length >= 1 && bytes.length <= 512 && bytes.toString() === text
      let taken = true
      try { checkKey('things', text) } catch { taken = false }
      expect(taken).to.equal(isFine)
    }), { numRuns: 1000 })
  })

  it('tell the collections that are there after all migrations', () => {
    const steps = [
      { version: 1, summary: '', creates: ['a', 'b'] },
      { version: 2, summary: '', creates: ['c'], drops: ['a'] },
      { version: 3, summary: '', creates: ['a'] },
    ]
    expect([...collectionsAfter('owner', steps)]).to.have.members(['a', 'b', 'c'])
  })
})
