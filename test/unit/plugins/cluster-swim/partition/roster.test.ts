import { expect } from 'chai'
import fc from 'fast-check'
import type { Store } from '../../../../../kernel/contract/index.js'
import { clusterStore } from '../../../../../plugins/cluster-swim/cluster-store.js'
import { Roster } from '../../../../../plugins/cluster-swim/partition/roster.js'
import {
  decodeRoster, encodeRoster, MOST_RECORDS, ROSTER_STATUSES, type RosterRecord,
} from '../../../../../plugins/cluster-swim/partition/roster-record.js'
import { MemoryStore } from '../../../../../plugins/store-memory/memory-store.js'
import { RecordingLogger } from '../../../../support/recording-logger.js'

const RUNS = process.env['CAXTON_TEST_LONG'] === '1' ? 20_000 : 200
const word = fc.integer({ min: 1, max: 2 ** 32 - 1 })
const records: fc.Arbitrary<RosterRecord[]> = fc.array(fc.record({
  nodeId: fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }), status: fc.constantFrom(...ROSTER_STATUSES),
  epoch: word, incarnation: word,
}), { maxLength: 20 })

describe('Roster', () => {
  const newStore = async (): Promise<Store> => {
    const store = new MemoryStore({ max_size: 2 ** 24 }).scopeFor('cluster-swim')
    await store.migrate(clusterStore)
    return store
  }
  const open = async (store?: Store): Promise<Roster> => {
    const roster = new Roster(store ?? await newStore(), new RecordingLogger(), () => {})
    await roster.load()
    return roster
  }

  it('counts who was admitted and neither left nor was removed', async () => {
    const roster = await open()
    for (const name of ['a', 'b', 'c']) roster.decide(name, 'admitted', 1)
    roster.decide('b', 'left', 1)
    roster.decide('c', 'removed', 1)
    expect(roster.admitted).to.equal(1)
    expect(roster.names()).to.deep.equal(['a'])
    roster.decide('b', 'admitted', 2)
    expect(roster.admitted).to.equal(2)
    expect(roster.get('b')).to.deep.equal({ nodeId: 'b', status: 'admitted', epoch: 3, incarnation: 2 })
  })

  it('outlives a restart', async () => {
    const store = await newStore()
    const before = await open(store)
    before.decide('a', 'admitted', 1)
    before.decide('b', 'admitted', 1)
    await before.settled()
    const after = await open(store)
    expect(after.admitted).to.equal(2)
    expect(after.digest).to.equal(before.digest)
  })

  it('is the same on all nodes, in whatever order they hear of changes', async () => {
    await fc.assert(fc.asyncProperty(records, records, async (one, other) => {
      const [first, second] = [await open(), await open()]
      for (const record of [...one, ...other]) first.merge([record])
      second.merge(other)
      second.merge(one.toReversed())
      expect(second.digest).to.equal(first.digest)
      expect(second.names().sort()).to.deep.equal(first.names().sort())
    }), { numRuns: 50 })
  })

  it('takes no more nodes than others can be told of, says so once, and still hears of those it knows', async () => {
    const log = new RecordingLogger()
    const roster = new Roster(await newStore(), log, () => {})
    const record = (index: number): RosterRecord => ({ nodeId: `node-${index}`, status: 'admitted', epoch: 1, incarnation: 1 })
    roster.merge(Array.from({ length: MOST_RECORDS - 1 }, (_, index) => record(index)))
    roster.merge([record(MOST_RECORDS), record(MOST_RECORDS + 1)])
    roster.merge([record(MOST_RECORDS + 2)])
    roster.decide('me', 'admitted', 1)
    expect(roster.admitted).to.equal(MOST_RECORDS)
    expect(roster.isAdmitted(`node-${MOST_RECORDS + 1}`)).to.equal(false)
    expect(log.lines.filter(({ message }) => message.startsWith('no more than'))).to.have.length(1)
    expect(decodeRoster(roster.encode())).to.have.length(MOST_RECORDS)
    roster.merge([{ ...record(0), status: 'left', epoch: 2 }])
    expect(roster.admitted).to.equal(MOST_RECORDS - 1)
  })

  it('takes the newest of several records of one node', async () => {
    const roster = await open()
    roster.merge([2, 3, 1].map(epoch => ({ nodeId: 'a', status: 'admitted', epoch, incarnation: epoch })))
    expect(roster.get('a')?.epoch).to.equal(3)
  })

  it('is written and read without loss', () => {
    fc.assert(fc.property(records, all => { expect(decodeRoster(encodeRoster(all))).to.deep.equal(all) }), { numRuns: RUNS })
  })

  it('is refused when it is damaged, never half read', () => {
    fc.assert(fc.property(records, fc.nat(), fc.integer({ min: 0, max: 255 }), (all, at, byte) => {
      const bytes = encodeRoster(all)
      bytes[at % bytes.length] = byte
      const read = decodeRoster(bytes)
      if (read !== undefined) expect(encodeRoster(read)).to.deep.equal(Buffer.from(bytes))
    }), { numRuns: RUNS })
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), bytes => { decodeRoster(bytes) }), { numRuns: RUNS })
    expect(decodeRoster(encodeRoster([{ nodeId: 'a', status: 'left', epoch: 1, incarnation: 1 }]).subarray(0, -1))).to.equal(undefined)
  })
})
