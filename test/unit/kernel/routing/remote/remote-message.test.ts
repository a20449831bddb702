import { expect } from 'chai'
import fc from 'fast-check'
import { FRAME } from '../../../../../kernel/contract/index.js'
import { encodeFrame } from '../../../../../kernel/routing/frames/frame.js'
import { HOME, RemoteMessageReader, RemoteMessageWriter } from '../../../../../kernel/routing/remote/remote-message.js'

const NOBODY = { handle: 0, generation: 0 }

const frameOf = (content: Uint8Array): Uint8Array => encodeFrame({ act: 'inform', receiver: NOBODY, sender: NOBODY, fields: {}, content })

const names = fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme' }).filter(name => Buffer.byteLength(name) <= 255)
const messages = fc.record({
  sender: fc.oneof(fc.constant(''), names), receiver: names, home: fc.constantFrom(...Object.values(HOME)), isRelayed: fc.boolean(),
  frame: fc.uint8Array({ maxLength: 600 }).map(frameOf),
})

describe('messages between nodes', () => {
  it('are read as they were written, one after the other, by one writer and one reader', () => {
    const [writer, reader] = [new RemoteMessageWriter(), new RemoteMessageReader()]
    fc.assert(fc.property(fc.array(messages, { minLength: 1, maxLength: 5 }), sent => {
      for (const message of [...sent, ...sent]) {
        const read = reader.read(writer.write(message).slice())
        expect({ ...read, frame: read?.frame.slice() }).to.deep.equal(message)
      }
    }))
  })

  it('are none when they are cut off anywhere, or any byte of their frame’s length is wrong', () => {
    const bytes = new RemoteMessageWriter().write(
      { sender: 'a', receiver: 'b', home: HOME.none, isRelayed: false, frame: frameOf(Uint8Array.of(1, 2, 3)) },
    )
    const reader = new RemoteMessageReader()
    for (let length = 0; length < bytes.length; length++) expect(reader.read(bytes.slice(0, length)), `${length} bytes`).to.equal(undefined)
    const longer = bytes.slice()
    longer[4 + 2 + FRAME.length] = 255
    expect(reader.read(longer)).to.equal(undefined)
  })

  it('never throw, whatever comes', () => {
    const reader = new RemoteMessageReader()
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, isTyped) => {
      if (isTyped && bytes.length > 0) bytes[0] = 1
      reader.read(bytes)
    }))
  })

  it('are refused with names that are no UTF-8, even when they look like others that were read', () => {
    const [writer, reader] = [new RemoteMessageWriter(), new RemoteMessageReader()]
    const frame = frameOf(new Uint8Array(0))
    const bytes = writer.write({ sender: 'aa', receiver: 'b', home: HOME.none, isRelayed: false, frame }).slice()
    expect(reader.read(bytes)?.sender).to.equal('aa')
    bytes[4] = 0xff
    expect(reader.read(bytes)).to.equal(undefined)
  })

  it('tell names apart whose bytes are the same and only divided otherwise', () => {
    const [writer, reader] = [new RemoteMessageWriter(), new RemoteMessageReader()]
    const frame = frameOf(new Uint8Array(0))
    for (const [sender, receiver] of [['ab', 'c'], ['a', 'bc']] as const) {
      const read = reader.read(writer.write({ sender, receiver, home: HOME.none, isRelayed: false, frame }).slice())
      expect([read?.sender, read?.receiver]).to.deep.equal([sender, receiver])
    }
  })

  it('can’t be written with a name that is too long', () => {
    const frame = frameOf(new Uint8Array(0))
    expect(() => new RemoteMessageWriter().write({ sender: 'é'.repeat(128), receiver: 'b', home: HOME.none, isRelayed: false, frame }))
      .to.throw(RangeError)
  })
})
