import { expect } from 'chai'
import fc from 'fast-check'
import { MsgpackReader } from '../../../../../plugins/cluster-swim/wire/msgpack-reader.js'
import { MsgpackWriter } from '../../../../../plugins/cluster-swim/wire/msgpack-writer.js'
import { OutOfBytes, Refused } from '../../../../../plugins/cluster-swim/wire/refusal.js'

const LONG = process.env['CAXTON_TEST_LONG'] === '1'
const RUNS = { numRuns: LONG ? 50_000 : 500 }
const reader = (hex: string): MsgpackReader => new MsgpackReader(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
const hex = (out: MsgpackWriter): string => Buffer.from(out.finish()).toString('hex')

describe('cluster-swim: msgpack', function () {
  this.timeout(LONG ? 300_000 : 10_000)

  it('writes the shortest form of every number, and reads it back', () => {
    for (const [value, form] of [
      [0, '00'], [127, '7f'], [128, 'cc80'], [255, 'ccff'], [256, 'cd0100'], [65_535, 'cdffff'], [65_536, 'ce00010000'],
      [0xffff_ffff, 'ceffffffff'], [2 ** 32, 'cf0000000100000000'], [Number.MAX_SAFE_INTEGER, 'cf001fffffffffffff'],
    ] as const) {
      expect(hex(new MsgpackWriter().unsigned(value))).to.equal(form)
      expect(reader(form).integer(Number.MAX_SAFE_INTEGER)).to.equal(value)
    }
  })

  it('reads a number in every form that a writer may choose', () => {
    for (const form of ['05', 'cc05', 'cd0005', 'ce00000005', 'cf0000000000000005', 'd005', 'd10005', 'd200000005', 'd30000000000000005']) {
      expect(reader(form).integer(255)).to.equal(5)
    }
    for (const form of ['ff', 'd0ff', 'd1ffff', 'd2ffffffff', 'd3ffffffffffffffff']) {
      expect(reader(form).integer(10, -10)).to.equal(-1)
      expect(() => reader(form).integer(10)).to.throw(Refused, 'not between 0 and 10')
    }
  })

  it('refuses numbers out of range, beyond 2^53, and fractions where whole ones are wanted', () => {
    expect(() => reader('cd0100').integer(255)).to.throw(Refused)
    expect(() => reader('cf0020000000000000').integer(Number.MAX_SAFE_INTEGER)).to.throw(Refused)
    expect(() => reader('cfffffffffffffffff').integer(Number.MAX_SAFE_INTEGER)).to.throw(Refused)
    expect(() => reader('cb4014000000000000').integer(255)).to.throw(Refused, 'no number')
    expect(() => reader('a135').integer(255)).to.throw(Refused, 'no number')
  })

  it('reads fractions of both sizes, and whole numbers for them', () => {
    expect(reader('cb3ff8000000000000').float()).to.equal(1.5)
    expect(reader('ca3fc00000').float()).to.equal(1.5)
    expect(reader('07').float()).to.equal(7)
    expect(hex(new MsgpackWriter().float(1.5))).to.equal('cb3ff8000000000000')
  })

  it('reads bytes in every form: raw, str8, bin, an array of numbers, nil', () => {
    for (const form of ['a20102', 'd9020102', 'da00020102', 'db000000020102', 'c4020102', 'c500020102', 'c6000000020102', '920102']) {
      expect([...reader(form).raw(2)], form).to.deep.equal([1, 2])
      expect(() => reader(form).raw(1), form).to.throw(Refused, 'the most')
    }
    expect(reader('c0').raw(0)).to.have.length(0)
    expect(() => reader('91cd0100').raw(9)).to.throw(Refused)
  })

  it('writes bytes in the old form only', () => {
    expect(hex(new MsgpackWriter().raw(new Uint8Array(31))).slice(0, 2)).to.equal('bf')
    expect(hex(new MsgpackWriter().raw(new Uint8Array(32))).slice(0, 6)).to.equal('da0020')
    expect(hex(new MsgpackWriter().raw(new Uint8Array(65_536))).slice(0, 10)).to.equal('db00010000')
    expect(hex(new MsgpackWriter().rawOrNil(new Uint8Array(0)))).to.equal('c0')
  })

  it('gives bytes that copy when they are sliced', () => {
    const input = Buffer.from('a20102', 'hex')
    const copy = new MsgpackReader(input).raw(2).slice()
    input[1] = 9
    expect([...copy]).to.deep.equal([1, 2])
  })

  it('refuses text that is not UTF-8', () => {
    expect(reader('a2c3a4').text(2)).to.equal('ä')
    expect(() => reader('a1c3').text(2)).to.throw(Refused, 'UTF-8')
  })

  it('reads back every text and all bytes', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 100 }), fc.uint8Array({ maxLength: 100 }), (text, bytes) => {
      const input = new MsgpackReader(new MsgpackWriter(1).text(text).raw(bytes).finish())
      expect(input.text(5_000)).to.equal(text)
      expect(Buffer.compare(input.raw(5_000), bytes)).to.equal(0)
      expect(input.done).to.equal(true)
    }), RUNS)
  })

  it('reads the sizes of maps and arrays in every form', () => {
    for (const [size, map, array] of [[1, '81', '91'], [16, 'de0010', 'dc0010'], [65_536, 'df00010000', 'dd00010000']] as const) {
      expect(reader(map).map()).to.equal(size)
      expect(reader(array).array()).to.equal(size)
      expect(hex(new MsgpackWriter().map(size))).to.equal(map)
      expect(hex(new MsgpackWriter().array(size))).to.equal(array)
    }
    expect([reader('c0').map(), reader('c0').array()]).to.deep.equal([0, 0])
    expect(() => reader('91').map()).to.throw(Refused)
    expect(() => reader('81').array()).to.throw(Refused)
  })

  it('passes over every kind of value exactly', () => {
    for (const value of [
      '05', 'ff', 'cc80', 'cd0100', 'ce00010000', 'cf0000000100000000', 'd0ff', 'd1ffff', 'd2ffffffff', 'd3ffffffffffffffff', 'c0', 'c2',
      'c3', 'ca3fc00000', 'cb3ff8000000000000', 'a161', 'd90161', 'da000161', 'db0000000161', 'c40161', 'c5000161', 'c60000000161',
      '82 a161 01 a162 92 03 c0', 'de0001 a161 81 a162 91 04', 'df00000001 01 02', 'dc0002 01 02', 'dd00000001 90',
      'c7 02 05 0102',
      'c8 0001 05 01', 'c9 00000001 05 01', 'd4 05 01', 'd5 05 0102', 'd6 05 01020304', 'd7 05 0102030405060708',
      `d8 05 ${'00'.repeat(16)}`,
    ]) {
      const input = reader(`${value} 2a`)
      input.skip()
      expect(input.integer(255), value).to.equal(42)
    }
    expect(() => reader('c1').skip()).to.throw(Refused)
  })

  it('passes over values a million deep', () => {
    const input = new MsgpackReader(Buffer.concat([Buffer.alloc(1_000_000, 0x91), Buffer.from('c02a', 'hex')]))
    input.skip()
    expect(input.integer(255)).to.equal(42)
  })

  it('says that bytes are missing, and not that they are wrong, wherever right ones end', () => {
    const whole = Buffer.from('82a3616263cd01f4a2786992cb3ff8000000000000da0003010203', 'hex')
    for (let length = 0; length < whole.length; length++) {
      expect(() => new MsgpackReader(whole.subarray(0, length)).skip(), `${length}`).to.throw(OutOfBytes)
    }
    new MsgpackReader(whole).skip()
    expect(() => reader('dbffffffff61').skip()).to.throw(OutOfBytes)
    expect(() => reader('ddffffffff61').raw(2 ** 32)).to.throw(OutOfBytes)
  })

  it('stops after as many values as it may read', () => {
    new MsgpackReader(Buffer.from('9401020304', 'hex'), 0, 5).skip()
    expect(() => { new MsgpackReader(Buffer.from('9401020304', 'hex'), 0, 4).skip() }).to.throw(Refused, 'too many values')
  })

  it('never throws anything else, whatever it reads', () => {
    const how = fc.constantFrom('skip', 'raw', 'text', 'integer', 'float', 'map', 'array', 'boolean', 'nil')
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), how, (bytes, method) => {
      try {
        new MsgpackReader(bytes)[method](50)
      } catch (thrown) {
        expect(thrown instanceof OutOfBytes || thrown instanceof Refused, String(thrown)).to.equal(true)
      }
    }), RUNS)
  })
})
