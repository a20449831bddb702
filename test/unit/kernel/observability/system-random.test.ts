import { expect } from 'chai'
import { SystemRandom } from '../../../../kernel/observability/system-random.js'

describe('the randomness of the system', () => {
  it('gives as many bytes as were asked for, never the same ones twice, over the end of what was drawn ahead', () => {
    const random = new SystemRandom()
    const drawn = Array.from({ length: 2_000 }, (_, index) => random.bytes(index % 3 === 0 ? 8 : 16))
    const texts = new Set(drawn.map(bytes => Buffer.from(bytes).toString('hex')))
    expect(texts.size).to.equal(2_000)
    expect(drawn.every((bytes, index) => bytes.length === (index % 3 === 0 ? 8 : 16))).to.equal(true)
    expect([0, 64, 65, 10_000].map(count => random.bytes(count).length)).to.deep.equal([0, 64, 65, 10_000])
  })

  it('gives bytes that are the receiver\'s alone', () => {
    const random = new SystemRandom()
    const first = random.bytes(16)
    const copy = Buffer.from(first).toString('hex')
    for (let draw = 0; draw < 1_000; draw++) random.bytes(16).fill(0)
    expect(Buffer.from(first).toString('hex')).to.equal(copy)
    expect(first.buffer.byteLength).to.equal(16)
  })
})
