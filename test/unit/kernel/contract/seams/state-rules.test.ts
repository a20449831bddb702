import { expect } from 'chai'
import fc from 'fast-check'
import { checkStateKey, compareKeys, prefixEnd } from '../../../../../kernel/contract/index.js'

const text = fc.string({ unit: 'binary', maxLength: 4 }).filter(each => !/\p{Surrogate}/u.test(each))

describe('Rules of state backends', () => {
  it('end a prefix exactly behind the texts that begin with it', () => {
    fc.assert(fc.property(text, text, text, (prefix, rest, other) => {
      const end = prefixEnd(prefix)
      const isWithin = (key: string): boolean => compareKeys(key, prefix) >= 0 && (end === undefined || compareKeys(key, end) < 0)
      expect(isWithin(prefix + rest)).to.equal(true)
      expect(isWithin(other)).to.equal(other.startsWith(prefix))
    }))
  })

  it('have no end for prefixes of the last character alone', () => {
    expect(prefixEnd('')).to.equal(undefined)
    expect(prefixEnd('\u{10ffff}')).to.equal(undefined)
    expect(prefixEnd('a\u{10ffff}')).to.equal('b')
    expect(prefixEnd('\ud7ff')).to.equal('\ue000')
  })

  it('never let a key through that a database could take for another', () => {
    for (const key of ['', 'a\0', '\ud800', 'x'.repeat(1025)]) {
      expect(() => { checkStateKey(key) }).to.throw().with.property('code', 'STATE_KEY_INVALID')
    }
    expect(() => { checkStateKey('x'.repeat(1024)) }).not.to.throw()
  })
})
