import { expect } from 'chai'
import fc from 'fast-check'
import { isNamePattern, matchesName } from '../../../../kernel/contract/name-pattern.js'

const LONG = process.env['CAXTON_TEST_LONG'] === '1'
const numRuns = LONG ? 100_000 : 1_000
/** Few letters, so that patterns match now and then. */
const text = (letters: string): fc.Arbitrary<string> => fc.string({ unit: fc.constantFrom(...letters), maxLength: 8 })

describe('a pattern of names', () => {
  it('stands for exactly what the regular expression stands for that says the same', () => {
    fc.assert(fc.property(text('ab-*'), text('ab-'), (pattern, name) => {
      const expression = new RegExp(`^${pattern.replaceAll('*', '.*')}$`)
      expect(matchesName(pattern, name)).to.equal(expression.test(name))
    }), { numRuns })
  })

  it('contains another one only if it stands for every name that the other stands for', () => {
    fc.assert(fc.property(text('ab*'), text('ab*'), text('ab'), (outer, inner, name) => {
      if (matchesName(outer, inner) && matchesName(inner, name)) expect(matchesName(outer, name)).to.equal(true)
    }), { numRuns })
    const contained: ReadonlyArray<readonly [outer: string, inner: string, contains: boolean]> = [
      ['*', 'a*', true], ['a*', '*', false], ['a*', 'ab*', true], ['*-*', 'a-*-b', true], ['a*b', 'a*c*b', true],
      ['a', 'a*', false], ['**', '*', true],
    ]
    for (const [outer, inner, contains] of contained) expect(matchesName(outer, inner), `${outer} ${inner}`).to.equal(contains)
  })

  it('is of printable ASCII, not empty, and no longer than a name', () => {
    expect(['', 'a b', 'ä', 'a\0', 'a'.repeat(256)].map(isNamePattern)).to.deep.equal(Array(5).fill(false))
    expect(['*', 'shop-*', 'a'.repeat(255)].map(isNamePattern)).to.deep.equal([true, true, true])
  })
})
