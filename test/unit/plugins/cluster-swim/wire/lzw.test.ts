import { expect } from 'chai'
import fc from 'fast-check'
import { CLEAR, END } from '../../../../../plugins/cluster-swim/wire/lzw-codes.js'
import { LzwDecoder } from '../../../../../plugins/cluster-swim/wire/lzw-decoder.js'
import { LzwEncoder } from '../../../../../plugins/cluster-swim/wire/lzw-encoder.js'
import { Refused } from '../../../../../plugins/cluster-swim/wire/refusal.js'
import { packedCodes, packedZeros, widthOf } from '../../../../support/cluster-swim/lzw-bits.js'
import { SeededRandom } from '../../../../support/seeded-random.js'

const LONG = process.env['CAXTON_TEST_LONG'] === '1'
const encoder = new LzwEncoder()
const decoder = new LzwDecoder()

function expectSame (bytes: Uint8Array): void {
  expect(Buffer.compare(decoder.decode(encoder.encode(bytes), bytes.length), bytes)).to.equal(0)
}

describe('cluster-swim: LZW', function () {
  this.timeout(LONG ? 300_000 : 10_000)

  it('gives back what it made smaller, however the bytes repeat', () => {
    const repeating = fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 30 }), fc.nat(400)).map(([part, times]) =>
      Uint8Array.from(Array.from({ length: times }, () => [...part]).flat()))
    fc.assert(fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), repeating), expectSame), { numRuns: LONG ? 20_000 : 200 })
  })

  it('gives back what needs more than all of its codes', () => {
    for (const length of [3_000, 4_000, 8_000, 100_000]) {
      expectSame(new SeededRandom(length).bytes(length))
      expectSame(new Uint8Array(length))
    }
  })

  it('reads the example of code that names itself', () => {
    expect(encoder.encode(Buffer.from('aaaa'))).to.deep.equal(packedCodes([CLEAR, 97, 258, 97, END], [9, 9, 9, 9, 9]))
    expect(Buffer.from(decoder.decode(packedCodes([CLEAR, 97, 258, END], [9, 9, 9, 9]), 9)).toString()).to.equal('aaa')
  })

  it('reads on where a writer goes on without a clear code when all codes are in use', () => {
    const literals = Array.from({ length: 4_000 }, (_, index) => index % 251)
    const widths = literals.map((_, index) => widthOf(index))
    const bytes = decoder.decode(packedCodes([...literals, 4095, END], [...widths, 12, 12]), 5_000)
    const at = 4095 - 258
    expect([...bytes]).to.deep.equal([...literals, at % 251, (at + 1) % 251])
  })

  it('refuses a code that is not in use, and an end that is missing', () => {
    expect(() => decoder.decode(packedCodes([97, 259, END], [9, 9, 9]), 99)).to.throw(Refused, 'not in use')
    expect(() => decoder.decode(packedCodes([258, END], [9, 9]), 99)).to.throw(Refused, 'not in use')
    expect(() => decoder.decode(encoder.encode(Buffer.from('abc')).subarray(0, 3), 99)).to.throw(Refused, 'end too early')
    expect(() => decoder.decode(new Uint8Array(0), 99)).to.throw(Refused, 'end too early')
  })

  it('stops at the limit before it takes the memory', () => {
    const bomb = packedZeros(1)
    expect(bomb.length).to.be.below(6_000)
    expect(() => decoder.decode(bomb, 7_367_040)).to.throw(Refused, 'more than 7367040 bytes')
    expect(decoder.decode(bomb, 7_367_041)).to.have.length(7_367_041)
  })

  it('forgets what it read before: damaged bytes never disturb the next', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), bytes => {
      try {
        expect(decoder.decode(bytes, 65_536).length).to.be.most(65_536)
      } catch (thrown) {
        expect(thrown).to.be.instanceOf(Refused)
      }
      expectSame(bytes)
    }), { numRuns: LONG ? 50_000 : 300 })
  })
})
