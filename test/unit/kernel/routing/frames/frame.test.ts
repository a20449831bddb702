import { expect } from 'chai'
import fc from 'fast-check'
import { ACTS, actCode, FIELD, FRAME, FRAME_FLAGS, HIGHEST_FIELD } from '../../../../../kernel/contract/index.js'
import { decodeFrame, encodeFrame, findField, frameFault, type FrameFields } from '../../../../../kernel/routing/frames/frame.js'
import { expiryOf } from '../../../../../kernel/routing/frames/frame-flags.js'
import { decodeFrame as decodeStrictly } from '../../../../support/frame-codec.js'

const NAMES = Object.keys(FIELD).filter(name => name !== 'user' && name !== 'expires')
const address = fc.record({ handle: fc.integer({ min: 0, max: 0xffffffff }), generation: fc.integer({ min: 0, max: 0xffffffff }) })
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
const fields = fc.tuple(fc.dictionary(fc.constantFrom(...NAMES), text), fc.dictionary(fc.stringMatching(/^X-[a-z]{1,9}$/), text))
  .map(([texts, user]): FrameFields => ({ ...texts, user }))
const draft = fc.record({
  act: fc.constantFrom(...ACTS), receiver: address, sender: address, conversation: fc.bigInt(0n, 2n ** 64n - 1n),
  deadline: fc.integer({ min: 0, max: 8.64e15 }), priority: fc.integer({ min: 0, max: 3 }), flags: fc.integer({ min: 0, max: 7 }),
  expires: fc.integer({ min: -5, max: 8.64e15 }),
  fields, content: fc.uint8Array({ maxLength: 300 }),
})

function faultOf (bytes: Uint8Array): string | undefined {
  return frameFault(bytes, new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0, bytes.length)
}

describe('a frame', () => {
  it('has the layout that agents were built against', () => {
    expect(FRAME).to.deep.equal({
      version: 1, headerBytes: 96, length: 0, formatVersion: 4, act: 5, delivery: 6, priority: 7, receiver: 8, receiverGeneration: 12,
      sender: 16, senderGeneration: 20, messageEpoch: 24, messageCounter: 32, conversation: 40, deadline: 48, claimEpoch: 56,
      sequence: 60, traceId: 64, spanId: 80, traceFlags: 88, flags: 89, reserved: 90, fieldBytes: 92,
    })
    expect(FRAME_FLAGS).to.deep.equal({ platform: 1, redelivered: 2, receipt: 4, expires: 8, checked: 16, shadow: 32 })
    expect(FIELD).to.deep.equal({
      protocol: 1, language: 2, encoding: 3, ontology: 4, conversationId: 5, replyWith: 6, inReplyTo: 7, replyTo: 8, mediaType: 9,
      to: 10, user: 11, toCapability: 12, toTopic: 13, expires: 14, receivers: 15, deliveryKey: 16,
    })
    expect(ACTS.map(act => actCode(act))).to.deep.equal(ACTS.map((_, index) => index + 1))
    expect([ACTS[0], ACTS[7], ACTS[18], ACTS[21]]).to.deep.equal(['accept-proposal', 'inform', 'request', 'subscribe'])
  })

  it('is written byte for byte as the layout says', () => {
    const bytes = encodeFrame({
      act: 'request', receiver: { handle: 0x01020304, generation: 0x05060708 }, sender: { handle: 0x090a0b0c, generation: 0x0d0e0f10 },
      conversation: 0x1112131415161718n, deadline: 0x191a1b1c1d, priority: 3, flags: 1, fields: { ontology: 'ab' },
      content: Uint8Array.of(0xee),
    })
    expect(Buffer.from(bytes).toString('hex')).to.equal([
      '67000000', '01', '13', '00', '03', '04030201', '08070605', '0c0b0a09', '100f0e0d', '00'.repeat(16),
      '1817161514131211', '1d1c1b1a19000000', '00'.repeat(8), '00'.repeat(25), '01', '0000', '06000000', '0400', '0200', '6162', 'ee',
    ].join(''))
  })

  it('says when read what was said when it was written, and so does another reader', () => {
    fc.assert(fc.property(draft, written => {
      const bytes = encodeFrame(written)
      expect(faultOf(bytes)).to.equal(undefined)
      const { act, receiver, sender, conversation, deadline, expires, priority, flags, fields: found, content } = decodeFrame(bytes)
      expect({ act, receiver, sender, conversation, deadline, expires, priority, flags }).to.deep.equal({
        act: written.act, receiver: written.receiver, sender: written.sender, conversation: written.conversation,
        deadline: written.deadline, expires: written.expires, priority: written.priority,
        flags: written.flags | (written.expires === 0 ? 0 : FRAME_FLAGS.expires),
      })
      expect({ ...found, user: { ...found.user } }).to.deep.equal({ ...written.fields, user: { ...written.fields.user } })
      expect(content).to.deep.equal(written.content)
      const strict = decodeStrictly(bytes)
      expect({ ...strict.user }).to.deep.equal({ ...written.fields.user })
      expect(Number(strict.expires)).to.equal(written.expires)
      if (written.expires !== 0) expect(expiryOf(new DataView(bytes.buffer), 0)).to.equal(written.expires)
    }))
  })

  it('keeps a byte order mark that a text begins with', () => {
    const bytes = encodeFrame({
      act: 'inform', receiver: { handle: 2, generation: 1 }, sender: { handle: 3, generation: 1 }, content: new Uint8Array(0),
      fields: { ontology: '\ufeffa' },
    })
    expect(decodeFrame(bytes).fields.ontology).to.equal('\ufeffa')
  })

  it('is not written with a field that its length cannot say', () => {
    const write = (length: number) => () => encodeFrame({
      act: 'inform', receiver: { handle: 2, generation: 1 }, sender: { handle: 3, generation: 1 }, content: new Uint8Array(0),
      fields: { ontology: 'a'.repeat(length) },
    })
    expect(write(65_536)).to.throw(RangeError)
    expect(write(65_535)).not.to.throw()
  })
})

describe('the check of a frame', () => {
  const sound = (): Uint8Array => encodeFrame({
    act: 'inform', receiver: { handle: 2, generation: 1 }, sender: { handle: 3, generation: 1 }, fields: { protocol: 'p', to: 'x' },
    content: Uint8Array.of(1, 2, 3),
  })

  const faults: ReadonlyArray<readonly [what: string, fault: string, spoil: (bytes: Uint8Array, view: DataView) => void]> = [
    ['another length than its own', 'length', (_, view) => view.setUint32(FRAME.length, 99, true)],
    ['another version', 'version', bytes => { bytes[FRAME.formatVersion] = 2 }],
    ['no act', 'act', bytes => { bytes[FRAME.act] = 0 }],
    ['an act beyond the last', 'act', bytes => { bytes[FRAME.act] = 23 }],
    ['an unknown delivery mode', 'delivery', bytes => { bytes[FRAME.delivery] = 3 }],
    ['an unknown priority', 'priority', bytes => { bytes[FRAME.priority] = 4 }],
    ['more bytes of fields than there are', 'fields', (_, view) => view.setUint32(FRAME.fieldBytes, 0xffffffff, true)],
    ['a field that ends beyond the fields', 'fields', (_, view) => view.setUint16(FRAME.headerBytes + 2, 7, true)],
    ['a field that comes twice', 'fields', (_, view) => view.setUint16(FRAME.headerBytes + 5, FIELD.protocol, true)],
    ['the tag 0', 'fields', (_, view) => view.setUint16(FRAME.headerBytes, 0, true)],
    ['a tag beyond the highest', 'fields', (_, view) => view.setUint16(FRAME.headerBytes, HIGHEST_FIELD + 1, true)],
    ['the flag of an expiry without one', 'fields', bytes => { bytes[FRAME.flags] = FRAME_FLAGS.expires }],
    ['an expiry that is no number of 8 bytes', 'fields', (_, view) => view.setUint16(FRAME.headerBytes, FIELD.expires, true)],
    ['bytes left over behind the fields', 'fields', (_, view) => view.setUint32(FRAME.fieldBytes, 12, true)],
  ]
  for (const [what, fault, spoil] of faults) {
    it(`finds ${what}`, () => {
      const bytes = sound()
      expect(faultOf(bytes)).to.equal(undefined)
      spoil(bytes, new DataView(bytes.buffer))
      expect(faultOf(bytes)).to.equal(fault)
    })
  }

  it('finds frames that are shorter than a header', () => {
    expect(faultOf(sound().slice(0, 95))).to.equal('length')
  })

  it('never throws, and what it lets through can be read to the end', () => {
    const header = fc.record({
      act: fc.integer({ min: 0, max: 24 }), fieldBytes: fc.integer({ min: 0, max: 80 }),
      rest: fc.array(fc.oneof(fc.integer({ min: 0, max: 18 }), fc.integer({ min: 0, max: 255 })), { maxLength: 80, size: 'max' }),
    }).map(({ act, fieldBytes, rest }) => {
      const bytes = new Uint8Array(FRAME.headerBytes + rest.length)
      const view = new DataView(bytes.buffer)
      view.setUint32(FRAME.length, bytes.length, true)
      bytes[FRAME.formatVersion] = 1
      bytes[FRAME.act] = act
      view.setUint32(FRAME.fieldBytes, fieldBytes, true)
      bytes.set(rest, FRAME.headerBytes)
      return bytes
    })
    let passed = 0
    fc.assert(fc.property(fc.oneof(header, fc.uint8Array({ maxLength: 200 })), bytes => {
      if (faultOf(bytes) !== undefined) return
      passed += 1
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      decodeStrictly(bytes)
      decodeFrame(bytes)
      for (const tag of Object.values(FIELD)) {
        const at = findField(view, 0, tag)
        if (at >= 0) expect(at + view.getUint16(at - 2, true)).to.be.at.most(FRAME.headerBytes + view.getUint32(FRAME.fieldBytes, true))
      }
    }), { numRuns: 5_000 })
    expect(passed).to.be.above(0)
  })
})
