import { expect } from 'chai'
import fc from 'fast-check'
import { answerOf, logPart } from '../../../../plugins/registry-gossip/exchange/log-reading.js'
import { LogIntake } from '../../../../plugins/registry-gossip/exchange/log-intake.js'
import { OwnLog } from '../../../../plugins/registry-gossip/exchange/own-log.js'
import { RegistryTable } from '../../../../plugins/registry-gossip/records/registry-table.js'
import { readMessage } from '../../../../plugins/registry-gossip/wire/registry-messages.js'
import { RecordingLogger } from '../../../support/recording-logger.js'
import { listingOf } from '../../../support/registry/registry-simulation.js'

const RUNS = { numRuns: process.env['CAXTON_TEST_LONG'] === '1' ? 5_000 : 30 }
const TAIL = 32

/** A node that writes, and one that takes over what it is given. */
class Pair {
  readonly source = new RegistryTable('writer', TAIL)
  readonly log = new RecordingLogger()
  readonly own = new OwnLog(this.source.self, this.source, this.log, () => {})
  readonly target = new RegistryTable('reader', TAIL)
  readonly intake = new LogIntake(this.target, () => {})
  readonly copy = this.target.own('writer')

  constructor () {
    this.own.begin(5)
  }

  /** Takes over what comes after what it has, directly or by a relay; false if the log does not reach back so far. */
  catchUp (): boolean {
    const { copy } = this
    if (!copy) return false
    const answer = readMessage(answerOf(this.source, { nodeId: 'writer', epoch: copy.epoch, from: copy.tail.last, cursor: -1 }))
    if (answer.kind === 'part') expect(this.intake.part(copy, answer.part)).to.be.oneOf(['taken', 'known'])
    return answer.kind === 'part'
  }

  isEqual (): boolean {
    return this.copy?.isWhole === true && this.copy.records.contentHash === this.source.self.records.contentHash &&
      this.copy.records.size === this.source.self.records.size && this.copy.tail.last === this.source.self.tail.last
  }
}

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ put: fc.nat({ max: 9 }), claim: fc.nat({ max: 3 }) }) },
  { weight: 3, arbitrary: fc.record({ gone: fc.nat({ max: 9 }) }) },
  { weight: 1, arbitrary: fc.constant('read' as const) },
)

describe('the log of a node', () => {
  it('brings whoever reads it now and then to the same records, unless it missed more than the tail', () => {
    fc.assert(fc.property(fc.array(step, { maxLength: 160, size: 'max' }), steps => {
      const pair = new Pair()
      let unread = 0
      for (const each of steps) {
        if (each === 'read') {
          const isTooOld = unread > TAIL
          expect(pair.catchUp()).to.equal(!isTooOld)
          if (!isTooOld) expect(pair.isEqual()).to.equal(true)
          if (isTooOld) return
          unread = 0
          continue
        }
        const before = pair.source.self.tail.last
        if ('put' in each) pair.own.announce(listingOf(`a${each.put}`, { claim: each.claim }))
        else pair.own.withdraw(`a${each.gone}`)
        unread += pair.source.self.tail.last - before
      }
    }), RUNS)
  })

  it('is told in parts that lead to the same records', () => {
    const pair = new Pair()
    for (let index = 0; index < 10; index++) pair.own.announce(listingOf(`a${index}`, { offers: ['x'.repeat(50_000)] }))
    pair.own.withdraw('a3')
    let from = 0
    let parts = 0
    while (from < pair.source.self.tail.last) {
      const { bytes, to } = logPart(pair.source.self, from, 0)
      const message = readMessage(bytes)
      if (message.kind !== 'part' || !pair.copy) throw new Error('it is no part')
      expect(pair.intake.part(pair.copy, message.part)).to.equal('taken')
      from = to
      parts += 1
    }
    expect(parts).to.be.above(1)
    expect(pair.isEqual()).to.equal(true)
  })

  for (const isKnown of [false, true]) {
    it(`does not skip what is missing, of a node that is ${isKnown ? 'known' : 'new'}`, () => {
      const pair = new Pair()
      if (isKnown) pair.own.announce(listingOf('z'))
      if (isKnown) pair.catchUp()
      pair.own.announce(listingOf('a'))
      pair.own.announce(listingOf('b'))
      const message = readMessage(logPart(pair.source.self, pair.source.self.tail.last - 1, 0).bytes)
      if (message.kind !== 'part' || !pair.copy) throw new Error('it is no part')
      expect(pair.intake.part(pair.copy, message.part)).to.equal('gap')
      expect(pair.target.size).to.equal(Number(isKnown))
    })
  }

  it('tells of several entries about one agent only the last', () => {
    const pair = new Pair()
    for (let claim = 0; claim < 20; claim++) pair.own.announce(listingOf('a', { claim }))
    const message = readMessage(logPart(pair.source.self, 0, 0).bytes)
    const entries = message.kind === 'part' ? message.part.entries : []
    expect(entries.map(({ sequence, listing }) => [sequence, listing?.claim])).to.deep.equal([[20, 19]])
  })

  it('refuses what does not fit into the registry', () => {
    const pair = new Pair()
    const wrong = [
      { name: '' }, { name: 'x'.repeat(256) }, { name: 'a b' }, { claim: -1 }, { claim: 2 ** 32 }, { delivery: 3 }, { module: 'abc' },
    ]
    for (const each of wrong) {
      expect(() => { pair.own.announce(listingOf('a', each)) }).to.throw().with.property('code', 'REGISTRY_LISTING_INVALID')
    }
    expect(pair.source.size).to.equal(0)
  })

  it('leaves out what an agent overdoes, and says so once', () => {
    const pair = new Pair()
    for (let claim = 1; claim < 3; claim++) {
      const offers = ['{}', 'x'.repeat(300_000), '\ud800']
      pair.own.announce(listingOf('a', { claim, offers, topics: Array.from({ length: 70_000 }, () => '') }))
    }
    const kept = pair.source.find('a')?.listing
    expect(kept?.offers).to.deep.equal(['{}'])
    expect(kept?.topics.length).to.be.below(65_536)
    expect(pair.log.lines.map(({ level }) => level)).to.deep.equal(['warn'])
    expect(pair.catchUp()).to.equal(true)
  })
})
