import { expect } from 'chai'
import fc from 'fast-check'
import { decodeExtension, encodeExtension } from '../../../../../plugins/cluster-swim/probing/ping-extension.js'

const word = fc.integer({ min: 0, max: 2 ** 32 - 1 })

describe('what rides on pings', () => {
  it('comes out as it went in', () => {
    fc.assert(fc.property(word, word, word, fc.uint8Array({ maxLength: 64 }), (high, low, roster, whisper) => {
      const told = { table: [high, low] as const, roster, whisper }
      expect(decodeExtension(encodeExtension(told))).to.deep.equal(told)
    }))
  })

  it('is passed over when somebody else made it', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), bytes => {
      const read = decodeExtension(bytes)
      if (read !== undefined) expect(encodeExtension(read)).to.deep.equal(Buffer.from(bytes))
    }), { numRuns: process.env['CAXTON_TEST_LONG'] === '1' ? 100_000 : 1000 })
  })
})
