import { expect } from 'chai'
import type { ClusterView } from '../../../../../kernel/contract/index.js'
import { Standing } from '../../../../../plugins/cluster-swim/partition/standing.js'
import { VirtualClock } from '../../../../support/virtual-clock.js'

describe('Standing', () => {
  const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `node-${index + 1}`)
  const begin = (tieBreaker?: string) => {
    const clock = new VirtualClock()
    const told: ClusterView[] = []
    const standing = new Standing(clock, { stableAfter: 3000, tieBreaker }, view => { told.push(view) })
    return {
      clock, told, standing,
      see: (reachable: number, admitted: number) => { standing.see({ admitted, reachable: names(reachable) }) },
      word: () => standing.view().standing,
    }
  }

  it('is normal for a node alone, which is its own majority', () => {
    const { see, standing } = begin()
    see(1, 1)
    expect(standing.view()).to.include({ standing: 'normal', admitted: 1, reachable: 1, isWritable: true })
  })

  it('waits until the same nodes were in sight for a while, then knows its side', () => {
    const { see, word, clock } = begin()
    see(5, 5)
    see(4, 5)
    expect(word()).to.equal('unstable')
    clock.advance(2000)
    see(3, 5)
    clock.advance(2999)
    expect(word()).to.equal('unstable')
    clock.advance(1)
    expect(word()).to.equal('majority')
  })

  it('is a minority with half of the nodes, or fewer, and then can\'t be written to', () => {
    const { see, clock, standing } = begin()
    see(4, 4)
    see(2, 4)
    clock.advance(3000)
    expect(standing.view()).to.include({ standing: 'minority', isWritable: false })
  })

  it('is a majority with half of the nodes, if the tie-breaker is among them', () => {
    for (const [tieBreaker, expected] of [['node-2', 'majority'], ['node-3', 'minority']] as const) {
      const { see, clock, word } = begin(tieBreaker)
      see(4, 4)
      see(2, 4)
      clock.advance(3000)
      expect(word()).to.equal(expected)
    }
  })

  it('goes back to normal when nobody was really lost', () => {
    const { see, clock, word } = begin()
    see(3, 3)
    see(2, 3)
    clock.advance(1000)
    see(3, 3)
    expect(word()).to.equal('normal')
    clock.advance(10_000)
    expect(word()).to.equal('normal')
  })

  it('reconciles when the others are back, until it is told that this is done', () => {
    const { see, clock, word, standing } = begin()
    see(3, 3)
    see(1, 3)
    clock.advance(3000)
    see(3, 3)
    expect(word()).to.equal('reconciling')
    standing.reconciled()
    expect(word()).to.equal('normal')
  })

  it('stays a minority until it has been with a majority for a while, and then reconciles', () => {
    const { see, clock, word, standing } = begin()
    see(5, 5)
    see(1, 5)
    clock.advance(3000)
    see(3, 5)
    expect(word()).to.equal('minority')
    clock.advance(3000)
    expect(word()).to.equal('reconciling')
    standing.reconciled()
    expect(word()).to.equal('majority')
  })

  it('reconciles on the majority side too, when some are back', () => {
    const { see, clock, word, standing } = begin()
    see(5, 5)
    see(3, 5)
    clock.advance(3000)
    see(4, 5)
    expect(word()).to.equal('majority')
    clock.advance(3000)
    expect(word()).to.equal('reconciling')
    standing.reconciled()
    expect(word()).to.equal('majority')
  })

  it('doubts itself again when a majority loses more', () => {
    const { see, clock, word } = begin()
    see(5, 5)
    see(4, 5)
    clock.advance(3000)
    see(2, 5)
    expect(word()).to.equal('unstable')
    clock.advance(3000)
    expect(word()).to.equal('minority')
  })

  it('stays normal while a cluster grows', () => {
    const { see, told } = begin()
    for (let count = 1; count <= 5; count++) see(count, count)
    expect(told.map(({ standing }) => standing)).to.deep.equal(Array(5).fill('normal'))
  })

  it('leaves no timer behind', () => {
    const { see, clock, standing } = begin()
    see(3, 3)
    see(1, 3)
    standing.stop()
    expect(clock.pending).to.equal(0)
  })
})
