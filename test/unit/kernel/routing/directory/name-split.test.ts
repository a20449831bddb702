import { expect } from 'chai'
import fc from 'fast-check'
import { SharedName } from '../../../../../kernel/routing/directory/name-split.js'

const [FIRST, SECOND] = [{ handle: 2, generation: 1 }, { handle: 3, generation: 4 }]
const shared = (share: number): SharedName => new SharedName({ name: 'a', first: FIRST, second: SECOND, share })

describe('a name that two versions share', () => {
  it('gives the second exactly its share of any hundred that begin', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 100 }), fc.nat(300), (share, before) => {
      const name = shared(share)
      for (let count = 0; count < before; count++) name.next()
      const given = Array.from({ length: 100 }, () => name.next())
      expect(given.filter(address => address === SECOND)).to.have.length(share)
    }))
  })

  it('gives the same number to the same version, and spreads numbers by the share', () => {
    for (const share of [0, 5, 50, 100]) {
      const name = shared(share)
      const given = Array.from({ length: 2_000 }, (_, number) => name.ofNumber(number))
      expect(given).to.deep.equal(Array.from({ length: 2_000 }, (_, number) => shared(share).ofNumber(number)))
      expect(given.filter(address => address === SECOND).length / 20).to.be.closeTo(share, 1)
    }
  })

  it('knows either version by the other', () => {
    expect([shared(5).otherOf(2), shared(5).otherOf(3), shared(5).otherOf(4)]).to.deep.equal([SECOND, FIRST, undefined])
  })
})
