import { expect } from 'chai'
import fc from 'fast-check'
import { ByteReader } from '../../../../../plugins/engine-wasm/module/byte-reader.js'
import { ByteWriter } from '../../../../../plugins/engine-wasm/module/byte-writer.js'

const reader = (...bytes: number[]): ByteReader => new ByteReader(Uint8Array.from(bytes))

describe('engine-wasm: bytes', () => {
  it('reads every u32 that the writer writes', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 0xffff_ffff })), numbers => {
      const out = new ByteWriter(1)
      for (const number of numbers) out.u32(number)
      const input = new ByteReader(out.view())
      expect(numbers.map(() => input.u32())).to.deep.equal(numbers)
      expect(input.done).to.equal(true)
    }))
  })

  it('reads every signed number that the writer writes', () => {
    fc.assert(fc.property(fc.array(fc.integer()), numbers => {
      const out = new ByteWriter(1)
      for (const number of numbers) out.i32(number)
      const input = new ByteReader(out.view())
      expect(numbers.map(() => input.i32())).to.deep.equal(numbers)
      expect(input.done).to.equal(true)
    }))
    expect(reader(0xff, 0xff, 0xff, 0xff, 0x7f).i32()).to.equal(-1)
  })

  it('reads padded numbers, but none with more than 32 bits or five bytes', () => {
    expect(reader(0x81, 0x80, 0x80, 0x80, 0x00).u32()).to.equal(1)
    expect(() => reader(0xff, 0xff, 0xff, 0xff, 0x1f).u32()).to.throw('32 bits (at byte 0)')
    expect(() => reader(0x80, 0x80, 0x80, 0x80, 0x80, 0x00).u32()).to.throw('32 bits')
  })

  it('passes over signed numbers exactly as long as they are', () => {
    for (const [bits, bytes] of [
      [32, [0x7f]], [32, [0xff, 0xff, 0xff, 0xff, 0x07]], [32, [0x80, 0x80, 0x80, 0x80, 0x78]], [33, [0x80, 0x80, 0x80, 0x80, 0x70]],
      [64, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x00]],
      [64, [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f]],
    ] as const) {
      const input = reader(...bytes, 0xaa)
      input.skipSigned(bits)
      expect(input.position).to.equal(bytes.length)
    }
  })

  it('refuses signed numbers with bits that do not fit', () => {
    for (const [bits, bytes] of [
      [32, [0xff, 0xff, 0xff, 0xff, 0x0f]], [32, [0x80, 0x80, 0x80, 0x80, 0x40]], [32, [0x80, 0x80, 0x80, 0x80, 0x80, 0x00]],
      [64, [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]],
    ] as const) {
      expect(() => reader(...bytes).skipSigned(bits), bytes.join()).to.throw(`${bits} bits (at byte 0)`)
    }
  })

  it('fills in a number later, in five bytes', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 2 ** 34 - 1 }), value => {
      const out = new ByteWriter(1)
      const place = out.reserve()
      out.byte(9)
      out.patch(place, value)
      const bytes = [...out.view()]
      expect(bytes).to.have.length(6)
      const back = bytes.slice(0, 5).reduce((sum, byte, position) => sum + (byte & 0x7f) * 2 ** (7 * position), 0)
      expect(back).to.equal(value)
    }))
  })

  it('never reads beyond its end, nor names that are no UTF-8', () => {
    expect(() => reader(5, 0x61).name()).to.throw('too early')
    expect(() => reader(2, 0xff, 0xfe).name()).to.throw('not UTF-8 (at byte 1)')
    expect(() => reader(1).part(2)).to.throw('too early')
    const part = reader(1, 2, 3).part(2)
    expect([part.byte(), part.byte()]).to.deep.equal([1, 2])
    expect(() => part.byte()).to.throw('too early (at byte 2)')
  })
})
