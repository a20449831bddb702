import { expect } from 'chai'
import fc from 'fast-check'
import { FRAME } from '../../../../../kernel/contract/index.js'
import { decodeKept, encodeKept, keptFor, keptKey, readKey } from '../../../../../kernel/routing/durable/kept-message.js'

const RUNS = process.env['CAXTON_TEST_LONG'] === '1' ? 20_000 : 300
const anyFrame = fc.uint8Array({ minLength: FRAME.headerBytes, maxLength: FRAME.headerBytes + 60 })
/** Names as agents have them. */
const anyName = fc.stringMatching(/^[a-z0-9][a-z0-9.-]{0,12}$/)
const anySerial = fc.integer({ min: 1, max: 2 ** 52 - 2 })

const isWithin = (key: string, { from, to }: { readonly from: string, readonly to: string }): boolean => from <= key && key < to

describe('a kept message', () => {
  it('comes back as it was kept, with its attempts up to 255', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), fc.nat(300), anyFrame, (sender, attempts, frame) => {
      expect(decodeKept(encodeKept({ sender, attempts, frame }))).to.deep.equal({ sender, attempts: Math.min(attempts, 255), frame })
    }), { numRuns: RUNS })
  })

  it('shares no memory with what the store gave', () => {
    const value = encodeKept({ sender: 'a', attempts: 0, frame: new Uint8Array(FRAME.headerBytes) })
    const kept = decodeKept(value)
    value.fill(7)
    expect(kept?.frame).to.deep.equal(new Uint8Array(FRAME.headerBytes))
  })

  it('is undefined when it is something else, whatever the bytes, and never shorter than a frame', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, isOurs) => {
      if (isOurs && bytes.length > 0) bytes[0] = 1
      const kept = decodeKept(bytes)
      if (kept !== undefined) expect(kept.frame.length).to.be.at.least(FRAME.headerBytes)
    }), { numRuns: RUNS })
  })

  it('is undefined when it was cut short, or is of another version', () => {
    const value = encodeKept({ sender: 'sender', attempts: 1, frame: new Uint8Array(FRAME.headerBytes) })
    for (let length = 0; length < value.length; length++) expect(decodeKept(value.slice(0, length)), `${length}`).to.equal(undefined)
    value[0] = 2
    expect(decodeKept(value)).to.equal(undefined)
  })
})

describe('the key of a kept message', () => {
  it('says receiver and serial number again', () => {
    fc.assert(fc.property(anyName, anySerial, (receiver, serial) => {
      expect(readKey(keptKey(receiver, serial))).to.deep.equal({ receiver, serial })
    }), { numRuns: RUNS })
  })

  it('stands behind all keys with lower numbers', () => {
    fc.assert(fc.property(anyName, anySerial, anySerial, (receiver, one, other) => {
      expect(keptKey(receiver, one) < keptKey(receiver, other)).to.equal(one < other)
    }), { numRuns: RUNS })
  })

  it('lies in the range of its receiver, and of nobody else', () => {
    fc.assert(fc.property(anyName, anyName, anySerial, (receiver, other, serial) => {
      const key = keptKey(receiver, serial)
      expect(isWithin(key, keptFor(receiver))).to.equal(true)
      if (other !== receiver) expect(isWithin(key, keptFor(other))).to.equal(false)
    }), { numRuns: RUNS })
    const alike = ['a', 'a.', 'a-', 'a0', 'a1', 'a-0', 'a.0', 'aa', 'a00000000000001']
    for (const one of alike) for (const other of alike) expect(isWithin(keptKey(one, 1), keptFor(other))).to.equal(one === other)
  })

  it('is left out of what stands behind it, and the next one is not', () => {
    fc.assert(fc.property(anyName, anySerial, (receiver, serial) => {
      const key = keptKey(receiver, serial)
      expect(isWithin(key, keptFor(receiver, key))).to.equal(false)
      expect(isWithin(keptKey(receiver, serial + 1), keptFor(receiver, key))).to.equal(true)
    }), { numRuns: RUNS })
  })
})
