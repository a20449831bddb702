import { createCipheriv } from 'node:crypto'
import { expect } from 'chai'
import fc from 'fast-check'
import { addChecksum } from '../../../../../plugins/cluster-swim/wire/checksum.js'
import { joinMessages } from '../../../../../plugins/cluster-swim/wire/compound.js'
import { Compression } from '../../../../../plugins/cluster-swim/wire/compression.js'
import { KeyRing } from '../../../../../plugins/cluster-swim/wire/key-ring.js'
import { encodeMessage } from '../../../../../plugins/cluster-swim/wire/message-codec.js'
import type { Nack } from '../../../../../plugins/cluster-swim/wire/messages.js'
import { PacketCodec } from '../../../../../plugins/cluster-swim/wire/packet-codec.js'
import type { RefusalReason } from '../../../../../plugins/cluster-swim/wire/refusal.js'
import type { WireSettings } from '../../../../../plugins/cluster-swim/wire/wire-settings.js'
import { packetMessage } from '../../../../support/cluster-swim/message-arbitraries.js'
import { gossipKey, WIRE_SETTINGS, wireSettings } from '../../../../support/cluster-swim/wire-settings.js'

const LONG = process.env['CAXTON_TEST_LONG'] === '1'
const RUNS = { numRuns: LONG ? 2_000 : 25 }
const nack = (sequence: number): Nack => ({ kind: 'nack', sequence })
const codec = (changed: Partial<WireSettings> = {}): PacketCodec => new PacketCodec(wireSettings(changed))
const encrypted = (fill: number, others: readonly number[] = []): Partial<WireSettings> =>
  ({ keyRing: new KeyRing(gossipKey(fill), others.map(other => gossipKey(other))) })
const packetOf = (changed: Partial<WireSettings>, ...sequences: number[]): Uint8Array =>
  codec(changed).seal(sequences.map(sequence => encodeMessage(nack(sequence))), true)

/** As protocol version 1 encrypts it: what is given is padded already. */
function oldPacket (padded: Uint8Array): Uint8Array {
  const nonce = Buffer.alloc(12, 3)
  const cipher = createCipheriv('aes-256-gcm', gossipKey(1).secret, nonce)
  cipher.setAAD(Buffer.alloc(0))
  return Buffer.concat([Buffer.of(0), nonce, cipher.update(padded), cipher.final(), cipher.getAuthTag()])
}

function reason (changed: Partial<WireSettings>, packet: Uint8Array): RefusalReason | undefined {
  const { messages, refusal } = codec(changed).open(packet)
  expect(messages).to.deep.equal([])
  return refusal?.reason
}

describe('cluster-swim: packets', function () {
  this.timeout(LONG ? 300_000 : 10_000)

  for (const [name, settings] of WIRE_SETTINGS) {
    it(`give back every message that was put in: ${name}`, () => {
      const own = new PacketCodec(settings())
      fc.assert(fc.property(fc.array(packetMessage, { minLength: 1, maxLength: 20 }), fc.boolean(), (messages, checksum) => {
        const packet = own.seal(messages.map(encodeMessage), checksum)
        expect(own.open(packet)).to.deep.equal({ messages, refusal: undefined })
      }), RUNS)
    })
  }

  it('are as much longer as the codec says, where they are not compressed', () => {
    for (const changed of [{}, { label: 'blue' }, encrypted(1), { ...encrypted(1), label: 'blue' }]) {
      const own = codec(changed)
      const message = encodeMessage(nack(1))
      expect(own.seal([message], false).length - message.length).to.equal(own.overhead)
    }
    expect(codec({ ...encrypted(1), verifyOutgoing: false }).overhead).to.equal(0)
  })

  it('are compressed only where that makes them smaller', () => {
    const zeros = new Uint8Array(1_000)
    const noise = wireSettings().random.bytes(1_000)
    const compressing = codec({ compression: true })
    expect(compressing.seal([zeros], false).length).to.be.below(200)
    expect(compressing.seal([noise], false)).to.equal(noise)
  })

  it('hold at most 255 messages', () => {
    const message = encodeMessage(nack(1))
    const own = codec()
    expect(own.open(own.seal(new Array<Uint8Array>(255).fill(message), false)).messages).to.have.length(255)
    expect(() => own.seal(new Array<Uint8Array>(256).fill(message), false)).to.throw(RangeError)
  })

  it('are refused under another label, without one, and with one where none is wanted', () => {
    for (const security of [{}, encrypted(1)]) {
      expect(reason({ ...security, label: 'blue' }, packetOf({ ...security, label: 'green' }, 1))).to.equal('wrong-label')
      expect(reason({ ...security, label: 'blue' }, packetOf(security, 1))).to.equal('wrong-label')
      expect(reason(security, packetOf({ ...security, label: 'green' }, 1))).to.equal('wrong-label')
    }
    expect(codec({ label: 'blue' }).open(packetOf({ label: 'green' }, 1)).refusal?.detail).to.equal('its label is "green", ours "blue"')
  })

  it('are bound to their label by the encryption', () => {
    const packet = packetOf({ ...encrypted(1), label: 'green' }, 1)
    const moved = Buffer.concat([Buffer.from('f404626c7565', 'hex'), packet.subarray('f4056772656e'.length / 2 + 1)])
    expect(reason({ ...encrypted(1), label: 'blue' }, moved)).to.equal('undecryptable')
  })

  it('are read with any key of the ring, and refused with another', () => {
    expect(codec(encrypted(1, [2, 3])).open(packetOf(encrypted(3), 5)).messages).to.deep.equal([nack(5)])
    expect(reason(encrypted(1, [2]), packetOf(encrypted(3), 5))).to.equal('undecryptable')
    expect(reason({}, packetOf(encrypted(3), 5))).to.equal('malformed')
  })

  it('without encryption are refused as such, unless a cluster goes over to it', () => {
    for (const plain of [packetOf({}, 1), packetOf({}, 1, 2), encodeMessage({
      kind: 'ping', sequence: 1, node: 'n1', source: undefined, extension: new Uint8Array(0),
    }), encodeMessage({
      kind: 'indirect-ping', sequence: 1, node: 'n1', host: '127.0.0.1', port: 1, wantsNack: true, source: undefined,
    })]) {
      expect(reason(encrypted(1), plain)).to.equal('plaintext')
      expect(codec({ ...encrypted(1), verifyIncoming: false }).open(plain).refusal).to.equal(undefined)
    }
    const lenient = { ...encrypted(1), verifyIncoming: false, verifyOutgoing: false }
    expect(codec(lenient).open(packetOf(encrypted(1), 1)).messages).to.deep.equal([nack(1)])
    expect(codec().open(packetOf(lenient, 1)).messages).to.deep.equal([nack(1)])
  })

  it('are read where an old node padded what it encrypted', () => {
    for (const length of [3, 15, 16, 17]) {
      const message = encodeMessage({ kind: 'user', bytes: new Uint8Array(length - 1).fill(5) })
      const count = 16 - length % 16
      const { messages, refusal } = codec(encrypted(1)).open(oldPacket(Buffer.concat([message, Buffer.alloc(count, count)])))
      expect(refusal).to.equal(undefined)
      expect(messages).to.deep.equal([{ kind: 'user', bytes: message.subarray(1) }])
    }
    for (const padding of [0, 17, 255]) expect(reason(encrypted(1), oldPacket(Buffer.alloc(16, padding)))).to.equal('undecryptable')
  })

  it('are refused where one bit is damaged and a checksum tells', () => {
    const packet = Buffer.from(packetOf({}, 1, 2, 3))
    for (let bit = 8; bit < 8 * packet.length; bit++) {
      const damaged = Buffer.from(packet)
      damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ 1 << (bit & 7)
      expect(reason({}, damaged)).to.equal('bad-checksum')
    }
    expect(reason({}, packet.subarray(0, 4))).to.equal('malformed')
  })

  it('give what is whole where the end is cut off', () => {
    const packet = joinMessages([1, 2, 3].map(sequence => encodeMessage(nack(sequence))))
    const { messages, refusal } = codec().open(packet.subarray(0, -1))
    expect(messages).to.deep.equal([nack(1), nack(2)])
    expect(refusal).to.deep.equal({ reason: 'malformed', detail: 'the last 1 of its messages are cut off' })
    expect(reason({}, packet.subarray(0, 5))).to.equal('malformed')
    expect(reason({}, packet.subarray(0, 1))).to.equal('malformed')
  })

  it('compressed in a way that nobody knows are refused', () => {
    const packed = Buffer.from(new Compression().compress(encodeMessage(nack(1)))).toString('hex')
    expect(codec().open(Buffer.from(packed, 'hex')).messages).to.deep.equal([nack(1)])
    expect(reason({}, Buffer.from(packed.replace('416c676f00', '416c676f01'), 'hex'))).to.equal('malformed')
  })

  it('tell the versions of a node from three bytes on, and none from fewer', () => {
    const versions = (hex: string): unknown => {
      const [message] = codec().open(Buffer.from(`0483a44e6f6465a26e31a441646472a47f000001a356736e${hex}`, 'hex')).messages
      return message?.kind === 'alive' ? message.versions : message
    }
    for (const fewer of ['c0', 'a0', 'a20105']) expect(versions(fewer)).to.equal(undefined)
    expect(versions('a3010502')).to.include({ minimum: 1, maximum: 5, current: 2, delegateMinimum: 0 })
    expect(versions('a6010502020504')).to.include({ delegateMinimum: 2, delegateMaximum: 5, delegateCurrent: 4 })
  })

  it('give the good messages beside one that is bad', () => {
    const packet = joinMessages([encodeMessage(nack(1)), Buffer.from('63', 'hex'), encodeMessage(nack(2))])
    const { messages, refusal } = codec().open(packet)
    expect(messages).to.deep.equal([nack(1), nack(2)])
    expect(refusal?.detail).to.equal('no message of type 99 belongs into a packet')
  })

  it('that are empty, or hold what belongs into streams, are refused', () => {
    for (const hex of ['', '06', '0a', '0d80', '0c00000000', 'f4', 'f400', 'f40561']) {
      expect(reason({}, Buffer.from(hex, 'hex')), hex).to.equal('malformed')
    }
  })

  it('about a node without a name or an address are refused', () => {
    for (const hex of [
      '0180', '0182a6546172676574a47f000001a4506f727400', '0380', '0580', '0482a44e6f6465a26e31a4506f727401',
      '0482a441646472a47f000001a4506f727401',
    ]) {
      expect(reason({}, Buffer.from(hex, 'hex')), hex).to.equal('malformed')
    }
  })

  it('read as Go does: unknown fields, missing fields, any order, newer msgpack', () => {
    const read = (hex: string): unknown => codec().open(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
    expect(read('0b 82 a1 78 93 01 02 80 d9 05 5365714e6f d2 00000007')).to.deep.equal({ messages: [nack(7)], refusal: undefined })
    expect(read('0b 80')).to.deep.equal({ messages: [nack(0)], refusal: undefined })
    expect(read('02 82 a7 5061796c6f6164 92 01 02 a5 5365714e6f 07')).to.deep.equal({
      messages: [{ kind: 'ack', sequence: 7, payload: Uint8Array.of(1, 2) }], refusal: undefined,
    })
  })
})

describe('cluster-swim: packets that are meant to do harm', function () {
  this.timeout(LONG ? 300_000 : 10_000)

  it('are opened to eight layers and no deeper', () => {
    const nested = (depth: number): Uint8Array =>
      depth === 0 ? encodeMessage(nack(1)) : joinMessages([nested(depth - 1)])
    expect(codec().open(nested(8)).messages).to.deep.equal([nack(1)])
    expect(codec().open(nested(9)).refusal?.detail).to.equal('more than 8 layers stand in one another')
  })

  it('decompress to at most 65,536 bytes in all', () => {
    const compression = new Compression()
    const bomb = compression.compress(new Uint8Array(60_000).fill(8))
    const { messages, refusal } = codec().open(joinMessages([bomb, bomb, bomb, encodeMessage(nack(1))]))
    expect(messages.map(message => message.kind)).to.deep.equal(['user', 'nack'])
    expect(refusal?.reason).to.equal('too-large')
    expect(reason({}, compression.compress(compression.compress(new Uint8Array(70_000))))).to.equal('too-large')
  })

  it('damaged at random never throw, and never cost more than a bounded time', () => {
    const own = WIRE_SETTINGS.map(([, settings]) => new PacketCodec(settings()))
    fc.assert(fc.property(fc.array(packetMessage, { minLength: 1, maxLength: 8 }), fc.nat(own.length - 1), fc.func(fc.nat()), fc.nat(8),
      (messages, which, chance, changes) => {
        const packet = Buffer.from(own[which]?.seal(messages.map(encodeMessage), chance(-1) % 2 === 0) ?? [])
        for (let change = 0; change < changes; change++) packet[chance(change) % packet.length] = chance(change + 100) & 0xff
        for (const reader of own) {
          const reading = reader.open(packet.subarray(0, packet.length - chance(200) % 3))
          expect(reading.messages.length > 0 || reading.refusal !== undefined).to.equal(true)
        }
      }), { numRuns: LONG ? 5_000 : 60 })
  })

  it('of random bytes never throw', () => {
    const plain = codec()
    const compression = new Compression()
    const shaped = fc.tuple(fc.constantFrom(0, 1, 2, 3, 4, 5, 7, 8, 9, 11, 12, 244), fc.uint8Array({ maxLength: 300 }))
    fc.assert(fc.property(shaped, ([type, rest]) => {
      for (const packet of [Uint8Array.of(type, ...rest), addChecksum(Uint8Array.of(type, ...rest)), compression.compress(rest)]) {
        const reading = plain.open(packet)
        expect(reading.messages.length > 0 || reading.refusal !== undefined).to.equal(true)
      }
    }), { numRuns: LONG ? 50_000 : 300 })
  })
})
