import { expect } from 'chai'
import fc from 'fast-check'
import { isWithin, versionNumber, versionRange, versionText } from '../../../../../kernel/routing/capabilities/version-range.js'

const RUNS = { numRuns: process.env['CAXTON_TEST_LONG'] === '1' ? 100_000 : 500 }
const part = fc.nat(99_999)

const matches = (range: string, version: string): boolean => {
  const read = versionRange(range)
  if (read === undefined) throw new Error(`${range} is no range`)
  return isWithin(versionNumber(version) ?? -1, read)
}

describe('a range of versions', () => {
  it('means every version that begins with it', () => {
    expect(['2.0.0', '2.99999.99999', '1.9.9', '3.0.0'].map(version => matches('2', version))).to.deep.equal([true, true, false, false])
    expect(['1.2.0', '1.2.7', '1.1.9', '1.3.0'].map(version => matches('1.2', version))).to.deep.equal([true, true, false, false])
    expect(['1.2.3', '1.2.2', '1.2.4'].map(version => matches('1.2.3', version))).to.deep.equal([true, false, false])
  })

  it('with ^ means every later one that is compatible', () => {
    expect(['1.2.0', '1.99.0', '1.1.9', '2.0.0'].map(version => matches('^1.2', version))).to.deep.equal([true, true, false, false])
    expect(['0.2.3', '0.2.9', '0.2.2', '0.3.0'].map(version => matches('^0.2.3', version))).to.deep.equal([true, true, false, false])
    expect(['0.0.1', '0.9.0', '1.0.0'].map(version => matches('^0', version))).to.deep.equal([true, true, false])
  })

  it('is nothing else', () => {
    for (const text of ['', '^', '1.', '.1', '01', '1.2.3.4', '-1', '1.x', '>1', '~1', '100000', '1 ', '1\n', '^^1']) {
      expect(versionRange(text), text).to.equal(undefined)
    }
  })

  it('reads and writes every version, and keeps their order', () => {
    fc.assert(fc.property(part, part, part, part, part, part, (a, b, c, d, e, f) => {
      const one = versionNumber(`${a}.${b}.${c}`) ?? -1
      const other = versionNumber(`${d}.${e}.${f}`) ?? -1
      expect(versionText(one)).to.equal(`${a}.${b}.${c}`)
      expect(Math.sign(one - other)).to.equal(Math.sign(a - d || b - e || c - f))
    }), RUNS)
  })

  it('is never read from noise with an error', () => {
    fc.assert(fc.property(fc.string(), text => {
      const range = versionRange(text)
      expect(range === undefined || range.least < range.below).to.equal(true)
    }), RUNS)
  })
})
