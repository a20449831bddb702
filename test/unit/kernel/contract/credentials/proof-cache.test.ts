import { expect } from 'chai'
import fc from 'fast-check'
import { bearerOf, ProofCache } from '../../../../../kernel/contract/index.js'

describe('What was proven', () => {
  it('is remembered until its time, and not at that moment', () => {
    const cache = new ProofCache<string>(10)
    cache.keep('token', 'alice', 1000)
    expect(cache.get('token', 999)).to.equal('alice')
    expect(cache.get('other', 999)).to.equal(undefined)
    expect(cache.get('token', 1000)).to.equal(undefined)
    expect(cache.get('token', 0)).to.equal(undefined)
  })

  it('gives way to what is newer, the one that was not asked for the longest first', () => {
    const cache = new ProofCache<number>(2)
    cache.keep('a', 1, 10)
    cache.keep('b', 2, 10)
    cache.get('a', 0)
    cache.keep('c', 3, 10)
    expect(['a', 'b', 'c'].map(token => cache.get(token, 0))).to.deep.equal([1, undefined, 3])
  })

  it('never takes more room than it may, whatever is kept', () => {
    const cache = new ProofCache<number>(7)
    fc.assert(fc.property(fc.string(), fc.nat(), (token, until) => {
      cache.keep(token, until, until)
      expect(cache.size).to.be.at.most(7)
    }))
  })
})

describe('The bearer of a call', () => {
  const bearer = (authorization?: string): string | undefined => bearerOf({
    face: 'f', address: 'a', headers: new Map(authorization === undefined ? [] : [['authorization', authorization]]),
  })

  it('is the one token that it has', () => {
    expect(bearer('Bearer abc.def-_~+/==')).to.equal('abc.def-_~+/==')
    expect(bearer('bearer abc')).to.equal('abc')
  })

  const none = [undefined, '', 'Bearer', 'Bearer ', 'Basic YTpi', 'Bearer a, Bearer b', 'Bearer a b', 'Bearer ä', 'xBearer a', 'Bearer a=b']
  for (const header of [...none, 'Bearer a\n']) {
    it(`is nothing in ${JSON.stringify(header)}`, () => { expect(bearer(header)).to.equal(undefined) })
  }
})
