import { expect } from 'chai'
import fc from 'fast-check'
import { recordOf, type RecordKind } from '../../../../../kernel/contract/links/link-records.js'
import { RecordReader } from '../../../../../kernel/contract/links/record-reader.js'
import { CollectingSink } from '../../../../support/collecting-sink.js'
import { SeededRandom } from '../../../../support/seeded-random.js'

const LONG = process.env['CAXTON_TEST_LONG'] === '1'
const RUNS = { numRuns: LONG ? 20_000 : 200 }
const STREAMS = LONG ? 200_000 : 1_500
const LIMITS = [300, 0, 0, 20]

const kinds = fc.constantFrom<RecordKind>(0, 3)
const records = fc.array(fc.record({ kind: kinds, body: fc.uint8Array({ maxLength: 20 }) }), { maxLength: 40 })

/** Cuts bytes into pieces of the given lengths, again and again. */
function * pieces (bytes: Uint8Array, lengths: readonly number[]): Generator<Uint8Array> {
  for (let at = 0, i = 0; at < bytes.byteLength; i++) {
    const length = lengths[i % lengths.length] ?? 1
    yield bytes.slice(at, at + length)
    at += length
  }
}

describe('RecordReader', () => {
  it('finds every record, however the bytes are cut up', () => {
    fc.assert(fc.property(records, fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }), (sent, cuts) => {
      const sink = new CollectingSink(LIMITS)
      const reader = new RecordReader(sink)
      const bytes = Buffer.concat(sent.map(({ kind, body }) => recordOf(kind, body)))
      for (const piece of pieces(bytes, cuts)) reader.bytes(piece)
      expect(sink.records.map(({ kind, body }) => [kind, [...body]])).to.deep.equal(sent.map(({ kind, body }) => [kind, [...body]]))
      expect(sink.malformations).to.deep.equal([])
      expect(reader.isBetweenRecords).to.equal(true)
    }), RUNS)
  })

  it(`survives ${STREAMS} streams of nonsense, and reads nothing after the first offence`, () => {
    const random = new SeededRandom(Number(process.env['CAXTON_TEST_SEED'] ?? 1))
    for (let i = 0; i < STREAMS; i++) {
      const sink = new CollectingSink(LIMITS)
      const reader = new RecordReader(sink)
      const bytes = random.bytes(Math.floor(random.fraction() * 64))
      // Often nearly right: a kind that exists, and a short length.
      if (random.fraction() < 0.7) {
        bytes.set([Math.floor(random.fraction() * 5), 0, Math.floor(random.fraction() * 3)].slice(0, bytes.length))
      }
      for (const piece of pieces(bytes, [1 + Math.floor(random.fraction() * 9)])) reader.bytes(piece)
      expect(sink.malformations.length).to.be.at.most(1)
      for (const { kind, body } of sink.records) expect(body.byteLength).to.be.at.most(LIMITS[kind] ?? -1)
      const count = sink.records.length
      if (sink.malformations.length > 0) reader.bytes(recordOf(0, Uint8Array.of(1)))
      expect(sink.records.length).to.equal(count)
    }
  })

  it('refuses a record that is too long when its header has come', () => {
    const sink = new CollectingSink(LIMITS)
    new RecordReader(sink).bytes(Uint8Array.of(0, 0, 1, 45))
    expect(sink.malformations).to.deep.equal(['a record of kind 0 with 301 bytes, of at most 300'])
  })

  it('refuses a kind that is not expected, such as the first letter of a web browser', () => {
    const sink = new CollectingSink(LIMITS)
    new RecordReader(sink).bytes(new TextEncoder().encode('GET / HTTP/1.1\r\n'))
    expect(sink.malformations).to.deep.equal(['a record of kind 71, which is not expected'])
  })

  it('hands over to another sink between two records of one piece', () => {
    const [first, second] = [new CollectingSink(LIMITS), new CollectingSink(LIMITS)]
    const reader = new RecordReader({
      limits: LIMITS,
      record: (kind, body) => {
        first.record(kind, body)
        reader.handTo(second)
      },
      malformed: reason => { first.malformed(reason) },
      ended: reason => { first.ended(reason) },
    })
    reader.bytes(Buffer.concat([recordOf(0, Uint8Array.of(1)), recordOf(0, Uint8Array.of(2))]))
    reader.ended('over')
    expect([first.records.length, second.records.length]).to.deep.equal([1, 1])
    expect([first.ends, second.ends]).to.deep.equal([[], ['over']])
  })

  it('gives whole frames without copying them, and not as Buffers', () => {
    const sink = new CollectingSink(LIMITS)
    const bytes = Buffer.from(recordOf(0, Uint8Array.of(1, 2, 3)))
    new RecordReader(sink).bytes(bytes)
    const [record] = sink.records
    expect(record?.body.buffer).to.equal(bytes.buffer)
    expect(record?.body).not.to.be.instanceOf(Buffer)
  })
})
