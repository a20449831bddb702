import { expect } from 'chai'
import fc from 'fast-check'
import { frameMessage, MessageReader } from '../../../../plugins/api-grpc/grpc-framing.js'

const messages = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 10 })

/** Cuts bytes at the given places. */
function cut (bytes: Buffer, places: readonly number[]): Buffer[] {
  const ends = [...new Set(places.map(place => place % (bytes.length + 1)))].sort((a, b) => a - b)
  return [0, ...ends].map((start, i) => bytes.subarray(start, ends[i] ?? bytes.length))
}

describe('gRPC framing', () => {
  it('finds the same messages however the bytes are cut', () => {
    fc.assert(fc.property(messages, fc.array(fc.nat(), { maxLength: 20 }), (sent, places) => {
      const reader = new MessageReader(1_000)
      const found = cut(Buffer.concat(sent.map(frameMessage)), places).flatMap(chunk => reader.push(chunk))
      expect(found.map(bytes => [...bytes])).to.deep.equal(sent.map(bytes => [...bytes]))
      expect(reader.unfinished).to.equal(false)
    }), { numRuns: 300 })
  })

  it('finds the same messages byte by byte', () => {
    const reader = new MessageReader(100)
    const bytes = Buffer.concat(['one', '', 'three'].map(text => frameMessage(Buffer.from(text))))
    const found = [...bytes].flatMap(byte => reader.push(Buffer.from([byte])))
    expect(found.map(String)).to.deep.equal(['one', '', 'three'])
  })

  it('knows that a message is not finished', () => {
    const reader = new MessageReader(100)
    expect(reader.push(frameMessage(Buffer.from('one')).subarray(0, 6))).to.deep.equal([])
    expect(reader.unfinished).to.equal(true)
  })

  it('refuses what is too large before it has arrived, and what is compressed', () => {
    expect(() => new MessageReader(100).push(Buffer.from([0, 0, 0, 0, 101]))).to.throw('101 bytes, more than 100')
    expect(() => new MessageReader(100).push(Buffer.from([1, 0, 0, 0, 1]))).to.throw('compressed')
    expect(new MessageReader(100).push(frameMessage(Buffer.alloc(100)))).to.have.length(1)
  })

  it('takes any bytes without failing otherwise', () => {
    fc.assert(fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 10 }), chunks => {
      const reader = new MessageReader(50)
      try {
        const found = chunks.flatMap(chunk => reader.push(Buffer.from(chunk)))
        for (const message of found) expect(message.length).to.be.at.most(50)
      } catch (error) {
        expect(String(error)).to.match(/compressed|more than 50/)
      }
    }), { numRuns: 300 })
  })
})
