import { expect } from 'chai'
import { ringBuffer, RingReader, RingWriter } from '../../../../../kernel/routing/frames/ring.js'
import { RingShares, SHARE } from '../../../../../kernel/routing/frames/ring-shares.js'

const HOG = 7
const NEIGHBOUR = 8
const CAPACITY = 65_536

describe('shares in crowded rings', () => {
  const taken = (shares: RingShares, sender: number, tries: number): number =>
    Array.from({ length: tries }, () => shares.take(sender, true)).filter(Boolean).length

  it('are unbounded as long as nothing is crowded', () => {
    const shares = new RingShares()
    for (let count = 0; count < SHARE * 3; count++) expect(shares.take(HOG, false)).to.equal(true)
  })

  it('are each sender\'s own when something is', () => {
    const shares = new RingShares()
    expect(taken(shares, HOG, SHARE * 3)).to.equal(SHARE)
    expect(taken(shares, NEIGHBOUR, SHARE * 3)).to.equal(SHARE)
    expect(shares.take(HOG, true)).to.equal(false)
  })

  it('are given anew after the crowd has gone', () => {
    const shares = new RingShares()
    taken(shares, HOG, SHARE * 3)
    shares.take(NEIGHBOUR, false)
    expect(taken(shares, HOG, SHARE * 3)).to.equal(SHARE)
  })
})

describe('a ring', () => {
  it('is crowded from an eighth on, and no more when it has been read', () => {
    const buffer = ringBuffer(CAPACITY)
    const [writer, reader] = [new RingWriter(buffer), new RingReader(buffer)]
    let written = 0
    for (; !writer.isCrowded; written++) {
      writer.reserve(504)
      writer.publish()
    }
    expect(written).to.equal(CAPACITY / 8 / 512 + 1)
    reader.peek()
    reader.release()
    expect(writer.isCrowded).to.equal(false)
  })
})
