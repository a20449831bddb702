import { expect } from 'chai'
import fc from 'fast-check'
import { Compression } from '../../../../../plugins/cluster-swim/wire/compression.js'
import { KeyRing } from '../../../../../plugins/cluster-swim/wire/key-ring.js'
import type { PushPull, StreamMessage, User } from '../../../../../plugins/cluster-swim/wire/messages.js'
import { MsgpackWriter } from '../../../../../plugins/cluster-swim/wire/msgpack-writer.js'
import { StreamCodec, type StreamEnd } from '../../../../../plugins/cluster-swim/wire/stream-codec.js'
import { encodeStreamMessage } from '../../../../../plugins/cluster-swim/wire/stream-message-codec.js'
import type { StreamReader, StreamReading } from '../../../../../plugins/cluster-swim/wire/stream-reader.js'
import type { WireSettings } from '../../../../../plugins/cluster-swim/wire/wire-settings.js'
import { packedZeros } from '../../../../support/cluster-swim/lzw-bits.js'
import { streamMessage } from '../../../../support/cluster-swim/message-arbitraries.js'
import { gossipKey, WIRE_SETTINGS, wireSettings } from '../../../../support/cluster-swim/wire-settings.js'

const LONG = process.env['CAXTON_TEST_LONG'] === '1'
const MIB = 2 ** 20
const codec = (changed: Partial<WireSettings> = {}): StreamCodec => new StreamCodec(wireSettings(changed))
const encrypted = (fill: number): Partial<WireSettings> => ({ keyRing: new KeyRing(gossipKey(fill)) })
const failure = (reason: string): StreamMessage => ({ kind: 'failure', reason })
const user = (length: number): User => ({ kind: 'user', bytes: new Uint8Array(length).fill(7) })

/** What comes out when bytes come in pieces that end at `cuts`. */
function inPieces (reader: StreamReader, bytes: Uint8Array, cuts: readonly number[]): StreamReading {
  let start = 0
  for (const cut of cuts.toSorted((one, other) => one - other)) {
    expect(reader.push(bytes.subarray(start, cut)).kind).to.equal('waiting')
    start = cut
  }
  return reader.push(bytes.subarray(start))
}

function refusal (changed: Partial<WireSettings>, bytes: Uint8Array, end: StreamEnd = 'acceptor'): string {
  const reading = codec(changed).reader(end).push(bytes)
  return reading.kind === 'refused' ? reading.refusal.reason : reading.kind
}

const bytesOf = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex')

describe('cluster-swim: streams', function () {
  this.timeout(LONG ? 300_000 : 10_000)

  for (const [name, settings] of WIRE_SETTINGS) {
    it(`give back every message, in whatever pieces it comes: ${name}`, () => {
      const own = new StreamCodec(settings())
      fc.assert(fc.property(streamMessage, fc.boolean(), fc.array(fc.nat(), { maxLength: 8 }), (message, dials, places) => {
        const bytes = own.encode(message, dials ? 'dialer' : 'acceptor')
        const reader = own.reader(dials ? 'acceptor' : 'dialer')
        const cuts = places.map(place => place % bytes.length)
        expect(inPieces(reader, bytes, cuts)).to.deep.equal({ kind: 'message', message })
      }), { numRuns: LONG ? 1_000 : 20 })
    })
  }

  it('are read byte by byte', () => {
    const nodes = Array.from({ length: 5 }, (_, index) => ({
      node: `n${index}`, host: '10.0.0.1', port: 7946, meta: new Uint8Array(3), incarnation: 1, state: 'left' as const, versions: undefined,
    }))
    const message: PushPull = { kind: 'push-pull', join: true, nodes, userState: Uint8Array.of(1, 2, 3) }
    for (const [, settings] of WIRE_SETTINGS.filter((_, index) => index % 5 === 0)) {
      const own = new StreamCodec(settings())
      const bytes = own.encode(message, 'dialer')
      const cuts = Array.from({ length: bytes.length - 1 }, (_, index) => index + 1)
      expect(inPieces(own.reader('acceptor'), bytes, cuts)).to.deep.equal({ kind: 'message', message })
    }
  })

  it('are refused when they end before their message does', () => {
    const own = codec({ compression: true })
    const reader = own.reader('acceptor')
    reader.push(own.encode(failure('no'), 'dialer').subarray(0, -1))
    expect(reader.end()).to.deep.equal({ kind: 'refused', refusal: { reason: 'malformed', detail: 'it ends too early' } })
    expect(own.reader('acceptor').end().kind).to.equal('refused')
  })

  it('give the same for ever once they have given something', () => {
    const own = codec()
    const reader = own.reader('acceptor')
    const first = reader.push(Buffer.concat([own.encode(failure('no'), 'dialer'), Buffer.alloc(9)]))
    expect(first).to.deep.equal({ kind: 'message', message: failure('no') })
    expect(reader.push(Buffer.alloc(100))).to.equal(first)
    expect(reader.end()).to.equal(first)
  })

  it('carry the label of the one who dials, and none in the answer', () => {
    const own = codec({ label: 'blue' })
    const spoken = own.encode(failure('no'), 'dialer')
    const answer = own.encode(failure('no'), 'acceptor')
    expect(Buffer.from(spoken.subarray(0, 6))).to.deep.equal(Buffer.from('f404626c7565', 'hex'))
    expect(Buffer.from(spoken.subarray(6))).to.deep.equal(Buffer.from(answer))
    expect(refusal({ label: 'blue' }, answer)).to.equal('wrong-label')
    expect(refusal({ label: 'blue' }, spoken, 'dialer')).to.equal('malformed')
    expect(refusal({}, spoken)).to.equal('wrong-label')
    expect(refusal({ label: 'green' }, spoken)).to.equal('wrong-label')
  })

  it('are bound by the encryption to their label and their length', () => {
    const bytes = Buffer.from(codec({ ...encrypted(1), label: 'blue' }).encode(failure('no'), 'acceptor'))
    expect(refusal({ ...encrypted(1), label: 'green' }, bytes, 'dialer')).to.equal('undecryptable')
    bytes[4] = (bytes[4] ?? 0) - 1
    expect(refusal({ ...encrypted(1), label: 'blue' }, bytes, 'dialer')).to.equal('undecryptable')
  })

  it('under another key, or a key where there is none, or none where there is a key, are refused', () => {
    const sealed = codec(encrypted(1)).encode(failure('no'), 'dialer')
    expect(refusal(encrypted(2), sealed)).to.equal('undecryptable')
    expect(refusal({}, sealed)).to.equal('undecryptable')
    const plain = codec().encode(failure('no'), 'dialer')
    expect(refusal(encrypted(1), plain)).to.equal('plaintext')
    expect(refusal({ ...encrypted(1), verifyIncoming: false }, plain)).to.equal('message')
    expect(refusal({}, codec({ ...encrypted(1), verifyOutgoing: false }).encode(failure('no'), 'dialer'))).to.equal('message')
  })

  it('hold a failure as a Serf agent words it', () => {
    const message = 'Encryption is configured but remote state is not encrypted'
    const written = encodeStreamMessage(failure(message))
    expect([...written.subarray(0, 8)]).to.deep.equal([13, 0x81, 0xa5, ...Buffer.from('Error')])
  })
})

describe('cluster-swim: streams that are meant to do harm', function () {
  this.timeout(LONG ? 300_000 : 10_000)

  it('are refused at the first number that is too large, long before they are sent', () => {
    const header = (nodes: number, state: number): Uint8Array => new MsgpackWriter().byte(6).map(2)
      .text('Nodes').unsigned(nodes).text('UserStateLen').unsigned(state).finish()
    for (const bytes of [
      header(MIB + 1, 0), header(0, 20 * MIB + 1), bytesOf('0a 01400001'), bytesOf('0a ffffffff'),
      bytesOf('08 81 aa 557365724d73674c656e ce01400001'), bytesOf('09 81 a3 427566 db 01400001'),
      bytesOf('0d 81 a5 4572726f72 db 00100000'),
    ]) expect(refusal({}, bytes), Buffer.from(bytes).toString('hex')).to.equal('too-large')
    for (const bytes of [header(MIB, 20 * MIB), bytesOf('08 81 aa 557365724d73674c656e ce01400000')]) {
      expect(refusal({}, bytes), Buffer.from(bytes).toString('hex')).to.equal('waiting')
    }
    expect(refusal(encrypted(1), bytesOf('0a 01400000'))).to.equal('waiting')
  })

  it('of short messages that never end are given up', () => {
    const reader = codec().reader('acceptor')
    expect(reader.push(bytesOf('0d 81 a5 4572726f72 dd ffffffff')).kind).to.equal('refused')
    const endless = codec().reader('acceptor')
    expect(endless.push(bytesOf('00 df ffffffff')).kind).to.equal('waiting')
    const pair = bytesOf('a1 78 a1 79')
    let reading = endless.push(pair)
    for (let count = 1; count < 200 && reading.kind === 'waiting'; count++) reading = endless.push(pair)
    expect(reading.kind === 'refused' && reading.refusal.detail).to.equal('it holds too many values')
  })

  it('decompress to at most 40 MiB, and only once', () => {
    const bomb = new MsgpackWriter().byte(9).map(1).text('Buf').raw(packedZeros(6)).finish()
    expect(bomb.length).to.be.below(40_000)
    expect(refusal({}, bomb)).to.equal('too-large')
    const compression = new Compression()
    expect(refusal({}, compression.compress(compression.compress(encodeStreamMessage(user(5)))))).to.equal('malformed')
  })

  it('of large user messages are read in pieces', () => {
    const message = user(2 * MIB)
    const bytes = codec().encode(message, 'dialer')
    const reader = codec().reader('acceptor')
    let reading: StreamReading = { kind: 'waiting' }
    for (let start = 0; start < bytes.length; start += 65_536) reading = reader.push(bytes.subarray(start, start + 65_536))
    expect(reading.kind === 'message' && reading.message.kind === 'user' && reading.message.bytes.length).to.equal(2 * MIB)
  })

  it('of 2,000 nodes in pieces of 100 bytes are read once, not again with each piece', () => {
    const nodes = Array.from({ length: 2_000 }, (_, index) => ({
      node: `node-${index}`, host: '10.0.0.1', port: 7946, meta: new Uint8Array(50), incarnation: 1, state: 'alive' as const,
      versions: undefined,
    }))
    const bytes = codec().encode({ kind: 'push-pull', join: true, nodes, userState: new Uint8Array(9) }, 'dialer')
    const reader = codec().reader('acceptor')
    let reading: StreamReading = { kind: 'waiting' }
    for (let start = 0; start < bytes.length; start += 100) reading = reader.push(bytes.subarray(start, start + 100))
    expect(reading.kind === 'message' && reading.message.kind === 'push-pull' && reading.message.nodes.length).to.equal(2_000)
  })

  it('damaged at random never throw, in whatever pieces they come', () => {
    const all = WIRE_SETTINGS.map(([, settings]) => new StreamCodec(settings()))
    fc.assert(fc.property(streamMessage, fc.nat(all.length - 1), fc.func(fc.nat()), fc.nat(8), (message, which, chance, changes) => {
      const bytes = Buffer.from(all[which]?.encode(message, 'dialer') ?? [])
      for (let change = 0; change < changes; change++) bytes[chance(change) % bytes.length] = chance(change + 100) & 0xff
      const cut = chance(-1) % bytes.length
      for (const own of all) {
        const reader = own.reader('acceptor')
        reader.push(bytes.subarray(0, cut))
        reader.push(bytes.subarray(cut))
        expect(reader.end().kind).to.be.oneOf(['message', 'refused'])
      }
    }), { numRuns: LONG ? 4_000 : 50 })
  })

  it('of random bytes never throw', () => {
    const compression = new Compression()
    const plain = codec()
    const shaped = fc.tuple(fc.constantFrom(0, 2, 6, 8, 9, 10, 13, 244), fc.uint8Array({ maxLength: 300 }))
    fc.assert(fc.property(shaped, ([type, rest]) => {
      for (const bytes of [Uint8Array.of(type, ...rest), compression.compress(Uint8Array.of(type, ...rest))]) {
        const reader = plain.reader('acceptor')
        reader.push(bytes)
        expect(reader.end().kind).to.be.oneOf(['message', 'refused'])
      }
    }), { numRuns: LONG ? 30_000 : 300 })
  })
})
