import { expect } from 'chai'
import { addChecksum } from '../../../../../plugins/cluster-swim/wire/checksum.js'
import { joinMessages } from '../../../../../plugins/cluster-swim/wire/compound.js'
import { Compression } from '../../../../../plugins/cluster-swim/wire/compression.js'
import { GossipKey } from '../../../../../plugins/cluster-swim/wire/gossip-key.js'
import { KeyRing } from '../../../../../plugins/cluster-swim/wire/key-ring.js'
import { encodeMessage } from '../../../../../plugins/cluster-swim/wire/message-codec.js'
import type { PacketMessage, PushPull } from '../../../../../plugins/cluster-swim/wire/messages.js'
import { PacketCodec } from '../../../../../plugins/cluster-swim/wire/packet-codec.js'
import { decodeSerfMessage, encodeSerfMessage } from '../../../../../plugins/cluster-swim/wire/serf-codec.js'
import { StreamCodec } from '../../../../../plugins/cluster-swim/wire/stream-codec.js'
import { encodeStreamMessage } from '../../../../../plugins/cluster-swim/wire/stream-message-codec.js'
import type { WireSettings } from '../../../../../plugins/cluster-swim/wire/wire-settings.js'
import { describePacketMessage, describePushPull } from '../../../../support/cluster-swim/described-messages.js'
import { type GoldenVector, goldenVectors, isMessage } from '../../../../support/cluster-swim/golden-vectors.js'
import { SeededRandom } from '../../../../support/seeded-random.js'

const vectors = goldenVectors()
const bytesOf = (hex: string): Buffer => Buffer.from(hex, 'hex')

function settings (encrypted: boolean): WireSettings {
  const key = GossipKey.of(Buffer.from(vectors.encKey, 'base64'))
  const keyRing = encrypted && key !== undefined ? new KeyRing(key) : undefined
  return { label: '', keyRing, verifyIncoming: true, verifyOutgoing: true, compression: true, random: new SeededRandom(1) }
}

/** The messages in the layers that the capture names. */
function wrapped (messages: readonly Uint8Array[], vector: GoldenVector): string {
  const layers = vector.decoded.map(({ layer }) => layer)
  let packet = layers.includes('compound') ? joinMessages(messages) : messages[0] ?? Buffer.alloc(0)
  if (layers.includes('compress')) packet = new Compression().compress(packet)
  if (layers.includes('crc')) packet = addChecksum(packet)
  return Buffer.from(packet).toString('hex')
}

function read (vector: GoldenVector, encrypted: boolean): readonly PacketMessage[] {
  const { messages, refusal } = new PacketCodec(settings(encrypted)).open(bytesOf(vector.hex))
  expect(refusal).to.equal(undefined)
  return messages
}

function readStream (vector: GoldenVector, encrypted: boolean): PushPull {
  const dialed = vector.stream?.includes('C>S') === true
  const reading = new StreamCodec(settings(encrypted)).reader(dialed ? 'acceptor' : 'dialer').push(bytesOf(vector.hex))
  if (reading.kind !== 'message' || reading.message.kind !== 'push-pull') throw new Error(JSON.stringify(reading))
  return reading.message
}

/** As captured, but for Serf's buffer of 512 events, of which we send only those that are there. */
function withoutEvents (pushPull: PushPull): PushPull {
  const state = decodeSerfMessage(pushPull.userState)
  if (state.kind === 'refused') throw new Error(state.refusal.detail)
  return { ...pushPull, userState: encodeSerfMessage(state.message) }
}

describe('cluster-swim: what Serf agents were heard to say', () => {
  for (const [name, captured, encrypted] of [
    ['plain packets', vectors.plainUdp, false], ['encrypted packets', vectors.encUdp, true],
  ] as const) {
    it(`reads ${captured.length} ${name} as what they are`, () => {
      for (const vector of captured) {
        expect(read(vector, encrypted).map(describePacketMessage)).to.deep.equal(vector.decoded.filter(isMessage))
      }
    })

    it(`writes the messages of ${name} byte for byte as Serf does`, () => {
      for (const vector of captured) {
        expect(wrapped(read(vector, encrypted).map(encodeMessage), vector)).to.equal(vector.plain ?? vector.hex)
      }
    })
  }

  it('writes the Serf messages in packets byte for byte as Serf does', () => {
    for (const [captured, encrypted] of [[vectors.plainUdp, false], [vectors.encUdp, true]] as const) {
      for (const message of captured.flatMap(vector => read(vector, encrypted))) {
        if (message.kind !== 'user') continue
        const reading = decodeSerfMessage(message.bytes)
        if (reading.kind === 'refused') throw new Error(reading.refusal.detail)
        expect(Buffer.from(encodeSerfMessage(reading.message)).toString('hex')).to.equal(Buffer.from(message.bytes).toString('hex'))
      }
    }
  })

  for (const [name, captured, encrypted] of [
    ['plain streams', vectors.plainTcp, false], ['encrypted streams', vectors.encTcp, true],
  ] as const) {
    it(`reads ${captured.length} ${name} as what they are`, () => {
      for (const vector of captured) {
        expect(describePushPull(readStream(vector, encrypted))).to.deep.equal(vector.decoded.find(isMessage))
      }
    })

    it(`writes ${name} byte for byte as Serf does, before they are encrypted`, () => {
      for (const vector of captured) {
        const plain = encodeStreamMessage(readStream(vector, encrypted))
        expect(Buffer.from(new Compression().compress(plain)).toString('hex')).to.equal(vector.plain ?? vector.hex)
      }
    })

    it(`reads back what it writes of ${name}`, () => {
      for (const vector of captured) {
        const pushPull = withoutEvents(readStream(vector, encrypted))
        const codec = new StreamCodec(settings(encrypted))
        const reading = codec.reader('acceptor').push(codec.encode(pushPull, 'dialer'))
        expect(reading).to.deep.equal({ kind: 'message', message: pushPull })
      }
    })
  }

  it('cannot read encrypted packets and streams without the key', () => {
    const stranger = GossipKey.of(Buffer.alloc(32, 7))
    if (stranger === undefined) throw new Error('no key')
    const other = { ...settings(false), keyRing: new KeyRing(stranger) }
    for (const { hex } of vectors.encUdp) {
      expect(new PacketCodec(other).open(bytesOf(hex)).refusal?.reason).to.equal('undecryptable')
    }
    for (const { hex } of vectors.encTcp) {
      const reading = new StreamCodec(other).reader('acceptor').push(bytesOf(hex))
      expect(reading.kind === 'refused' && reading.refusal.reason).to.equal('undecryptable')
    }
  })
})
