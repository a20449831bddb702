import { expect } from 'chai'
import fc from 'fast-check'
import { isCaxtonError } from '../../../../../kernel/contract/index.js'
import {
  decodePair, decodeQuestion, decodeWords, encodePair, encodeQuestion, encodeWords,
} from '../../../../../kernel/lifecycle/cluster/agent-question.js'

const RUNS = process.env['CAXTON_TEST_LONG'] === '1' ? 100_000 : 1_000
const bytes = fc.uint8Array({ maxLength: 300 })

describe('questions about agents between nodes', () => {
  it('are read as they were written', () => {
    fc.assert(fc.property(fc.string({ maxLength: 60 }), fc.string({ maxLength: 300 }), bytes, (what, caller, body) => {
      const read = decodeQuestion(encodeQuestion({ what, caller, body }))
      expect({ ...read, body: [...read.body] }).to.deep.equal({ what, caller, body: [...body] })
    }), { numRuns: RUNS })
    fc.assert(fc.property(bytes, bytes, (first, second) => {
      expect(decodePair(encodePair(first, second)).map(each => [...each])).to.deep.equal([[...first], [...second]])
    }), { numRuns: RUNS })
    fc.assert(fc.property(fc.array(fc.string()), words => {
      expect(decodeWords(encodeWords(...words), words.length)).to.deep.equal(words)
    }), { numRuns: RUNS })
  })

  it('that make no sense are refused in a declared way, whatever they are', () => {
    const isRefused = (read: () => unknown): boolean => {
      try {
        read()
        return true
      } catch (error) {
        return isCaxtonError(error) && error.code === 'CLUSTER_QUESTION_MALFORMED'
      }
    }
    fc.assert(fc.property(bytes, noise => {
      const readers = [decodeQuestion, decodePair, (each: Uint8Array) => decodeWords(each, 2)]
      expect(readers.every(read => isRefused(() => read(noise)))).to.equal(true)
    }), { numRuns: RUNS })
    expect(() => decodeQuestion(encodeQuestion({ what: 'stop', caller: 'me', body: new Uint8Array(0) }).subarray(0, 7))).to.throw('cut off')
    expect(() => decodeWords(encodeWords('one'), 2)).to.throw('2 words')
  })
})
