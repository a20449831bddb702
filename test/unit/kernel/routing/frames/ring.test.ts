import { expect } from 'chai'
import fc from 'fast-check'
import { ringBuffer, RingReader, RingWriter } from '../../../../../kernel/routing/frames/ring.js'

const CAPACITY = 256

function ring (): { readonly writer: RingWriter, readonly reader: RingReader, readonly buffer: SharedArrayBuffer } {
  const buffer = ringBuffer(CAPACITY)
  return { writer: new RingWriter(buffer), reader: new RingReader(buffer), buffer }
}

function write (writer: RingWriter, record: Uint8Array): boolean {
  const at = writer.reserve(record.length)
  if (at < 0) return false
  writer.bytes.set(record, at)
  writer.publish()
  return true
}

function read (reader: RingReader): Uint8Array | undefined {
  const at = reader.peek()
  if (at < 0) return undefined
  const record = reader.bytes.slice(at, at + reader.length)
  reader.release()
  return record
}

describe('the ring between two threads', () => {
  it('gives records back whole, in order, however writing and reading alternate around its end', () => {
    const steps = fc.array(fc.oneof(
      fc.record({ write: fc.integer({ min: 0, max: CAPACITY / 2 - 8 }) }),
      fc.record({ reads: fc.integer({ min: 1, max: 5 }) }),
    ), { maxLength: 200, size: 'max' })
    fc.assert(fc.property(steps, script => {
      const { writer, reader } = ring()
      const model: Uint8Array[] = []
      for (const [mark, step] of script.entries()) {
        if ('write' in step) {
          const record = new Uint8Array(step.write).fill(mark)
          if (write(writer, record)) model.push(record)
          else expect(model, 'an empty ring takes every record').not.to.be.empty
        } else {
          for (let count = 0; count < step.reads; count++) expect(read(reader)).to.deep.equal(model.shift())
        }
        expect(reader.isEmpty).to.equal(model.length === 0)
      }
    }), { numRuns: process.env['CAXTON_TEST_LONG'] === '1' ? 1000 : 100 })
  })

  it('takes its largest record wherever the writer stands', () => {
    for (let shift = 0; shift < CAPACITY / 8; shift++) {
      const { writer, reader } = ring()
      for (let count = 0; count < shift; count++) {
        write(writer, new Uint8Array(0))
        read(reader)
      }
      const record = new Uint8Array(writer.largest).fill(shift)
      expect(write(writer, record), `after ${shift} records`).to.equal(true)
      expect(read(reader)).to.deep.equal(record)
    }
  })

  it('refuses when it is full, and takes again when something was read', () => {
    const { writer, reader } = ring()
    const record = new Uint8Array(56)
    for (let count = 0; count < 4; count++) expect(write(writer, record)).to.equal(true)
    expect(write(writer, new Uint8Array(0))).to.equal(false)
    read(reader)
    expect(write(writer, record)).to.equal(true)
  })

  it('shows nothing of a record whose writer died before it published', () => {
    const { writer, reader, buffer } = ring()
    write(writer, Uint8Array.of(1))
    writer.bytes.fill(9, writer.reserve(40), 40)
    const successor = new RingWriter(buffer)
    write(successor, Uint8Array.of(2))
    expect([read(reader), read(reader), read(reader)]).to.deep.equal([Uint8Array.of(1), Uint8Array.of(2), undefined])
  })

  it('goes on when its counts pass 2³²', () => {
    const buffer = ringBuffer(CAPACITY)
    const words = new Int32Array(buffer, 0, 32)
    words[0] = words[16] = -16
    const writer = new RingWriter(buffer)
    const reader = new RingReader(buffer)
    for (let value = 0; value < 20; value++) {
      expect(write(writer, Uint8Array.of(value))).to.equal(true)
      expect(read(reader)).to.deep.equal(Uint8Array.of(value))
    }
  })
})
