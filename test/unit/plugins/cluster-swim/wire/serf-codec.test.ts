import { expect } from 'chai'
import fc from 'fast-check'
import { decodeSerfMessage, encodeSerfMessage } from '../../../../../plugins/cluster-swim/wire/serf-codec.js'
import type { SerfMessage } from '../../../../../plugins/cluster-swim/wire/serf-messages.js'
import { decodeTags, encodeTags } from '../../../../../plugins/cluster-swim/wire/tags.js'
import { bytes, serfMessage } from '../../../../support/cluster-swim/message-arbitraries.js'

const LONG = process.env['CAXTON_TEST_LONG'] === '1'
const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex')
const bytesOf = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex')

function read (data: Uint8Array): SerfMessage {
  const reading = decodeSerfMessage(data)
  if (reading.kind === 'refused') throw new Error(reading.refusal.detail)
  return reading.message
}

function refusal (data: Uint8Array): string | undefined {
  const reading = decodeSerfMessage(data)
  return reading.kind === 'refused' ? reading.refusal.reason : undefined
}

describe('cluster-swim: what Serf says', function () {
  this.timeout(LONG ? 300_000 : 10_000)

  it('is read back from what is written', () => {
    fc.assert(fc.property(serfMessage, message => {
      expect(read(encodeSerfMessage(message))).to.deep.equal(message)
    }), { numRuns: LONG ? 20_000 : 300 })
  })

  it('is refused where Lamport times are beyond 2^53, names are empty, or answers have nowhere to go', () => {
    expect(refusal(bytesOf('01 82 a5 4c54696d65 cf 0020000000000000 a4 4e6f6465 a1 61'))).to.equal('malformed')
    expect(refusal(bytesOf('01 81 a5 4c54696d65 05'))).to.equal('malformed')
    expect(refusal(bytesOf('04 80'))).to.equal('malformed')
    expect(refusal(bytesOf('09 80'))).to.equal('malformed')
    expect(refusal(bytesOf('0a'))).to.equal('malformed')
    expect(refusal(new Uint8Array(0))).to.equal('malformed')
  })

  it('is read from nodes that know less than we do', () => {
    expect(read(bytesOf('00 82 a5 4c54696d65 05 a4 4e6f6465 a1 61'))).to.deep.equal({ kind: 'leave', time: 5, node: 'a', prune: false })
  })

  it('holds events only where there are some, however many empty places a node sends', () => {
    const state = bytesOf(`02 81 a6 4576656e7473 dc 0200 ${'c0'.repeat(511)} 82 a5 4c54696d65 03 a6 4576656e7473 91 81 a4 4e616d65 a1 62`)
    const message = read(state)
    expect(message.kind === 'state' && message.events).to.deep.equal([
      { time: 3, events: [{ name: 'b', payload: new Uint8Array(0) }] },
    ])
  })

  it('takes no more memory than an honest node\'s state, however small the pieces', () => {
    expect(refusal(bytesOf(`02 81 a6 4576656e7473 dc 0201 ${'80'.repeat(513)}`))).to.equal('too-large')
    expect(refusal(bytesOf(`02 81 a6 4576656e7473 91 81 a6 4576656e7473 dc 4001 ${'80'.repeat(16_385)}`))).to.equal('too-large')
    expect(refusal(bytesOf(`02 81 a6 4576656e7473 91 81 a6 4576656e7473 dc 4000 ${'80'.repeat(16_384)}`))).to.equal(undefined)
  })

  it('damaged at random never throws', () => {
    fc.assert(fc.property(serfMessage, fc.func(fc.nat()), fc.nat(6), (message, chance, changes) => {
      const damaged = Uint8Array.from(encodeSerfMessage(message))
      for (let change = 0; change < changes; change++) damaged[1 + chance(change) % damaged.length] = chance(change + 100) & 0xff
      expect(decodeSerfMessage(damaged.subarray(0, damaged.length - chance(-1) % 3)).kind).to.be.oneOf(['message', 'refused'])
    }), { numRuns: LONG ? 50_000 : 300 })
  })

  it('of random bytes never throws', () => {
    fc.assert(fc.property(fc.nat(10), bytes(300), (type, rest) => {
      expect(decodeSerfMessage(Uint8Array.of(type, ...rest)).kind).to.be.oneOf(['message', 'refused'])
    }), { numRuns: LONG ? 100_000 : 500 })
  })
})

describe('cluster-swim: tags', function () {
  this.timeout(LONG ? 300_000 : 10_000)

  it('are written as Serf does, and read back', () => {
    const tags = new Map([['role', 'go'], ['id', '2']])
    expect(hex(encodeTags(tags))).to.equal('ff82a4726f6c65a2676fa26964a132')
    expect(decodeTags(encodeTags(tags))).to.deep.equal(tags)
    expect(decodeTags(new Uint8Array(0))).to.deep.equal(new Map())
  })

  it('are the role alone where an old node has no others', () => {
    expect(decodeTags(Buffer.from('web'))).to.deep.equal(new Map([['role', 'web']]))
  })

  it('have at most 512 bytes, and none where they are damaged', () => {
    expect(encodeTags(new Map([['a', 'x'.repeat(505)]]))).to.have.length(512)
    expect(() => encodeTags(new Map([['a', 'x'.repeat(506)]]))).to.throw(RangeError)
    for (const text of ['ff', 'ff81', 'ff81a161', 'ff90', 'ff8101a161']) expect(decodeTags(bytesOf(text)), text).to.equal(undefined)
  })

  it('never throw, whatever they are', () => {
    fc.assert(fc.property(bytes(512), meta => { decodeTags(Uint8Array.of(255, ...meta)) }), { numRuns: LONG ? 50_000 : 500 })
  })
})
