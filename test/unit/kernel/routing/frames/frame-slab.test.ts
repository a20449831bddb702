import { expect } from 'chai'
import fc from 'fast-check'
import { FrameSlab } from '../../../../../kernel/routing/frames/frame-slab.js'

const MIB = 1024 * 1024

describe('the frame slab', () => {
  it('never gives two frames the same place, whatever is taken and given back', () => {
    const steps = fc.array(fc.oneof(
      fc.record({ take: fc.oneof(fc.integer({ min: 96, max: 600 }), fc.integer({ min: 96, max: 70_000 })) }),
      fc.record({ giveBack: fc.nat() }),
    ), { maxLength: 150, size: 'max' })
    fc.assert(fc.property(steps, script => {
      const slab = new FrameSlab(64 * MIB)
      const held: Array<{ readonly reference: number, readonly length: number, readonly mark: number }> = []
      for (const [mark, step] of script.entries()) {
        if ('take' in step) {
          const reference = slab.acquire(step.take)
          expect(reference).to.be.at.least(0)
          slab.bytes(reference).fill(mark & 0xff, slab.offset(reference), slab.offset(reference) + step.take)
          slab.setStamp(reference, mark)
          held.push({ reference, length: step.take, mark })
        } else if (held.length > 0) {
          const [entry] = held.splice(step.giveBack % held.length, 1)
          if (entry !== undefined) slab.release(entry.reference)
        }
      }
      for (const { reference, length, mark } of held) {
        const at = slab.offset(reference)
        const frame = slab.bytes(reference).subarray(at, at + length)
        expect(frame.length).to.equal(length)
        expect(frame.every(byte => byte === (mark & 0xff))).to.equal(true)
        expect(slab.stamp(reference)).to.equal(mark)
        expect(slab.view(reference).getUint8(at)).to.equal(mark & 0xff)
      }
    }), { numRuns: 60 })
  })

  it('costs no more memory when places are used again', () => {
    const slab = new FrameSlab(64 * MIB)
    for (let round = 0; round < 10_000; round++) slab.release(slab.acquire(200))
    expect(slab.heldBytes).to.equal(MIB)
  })

  it('fills a piece of memory before it takes another', () => {
    const slab = new FrameSlab(64 * MIB)
    for (let count = 0; count < 4_096; count++) slab.acquire(256)
    expect(slab.heldBytes).to.equal(MIB)
    slab.acquire(256)
    expect(slab.heldBytes).to.equal(2 * MIB)
  })

  it('refuses beyond its bound, and for frames above 2 MiB', () => {
    const slab = new FrameSlab(2 * MIB)
    expect(slab.acquire(2 * MIB + 1)).to.equal(-1)
    expect(slab.acquire(2 * MIB)).to.be.at.least(0)
    expect(slab.acquire(96)).to.equal(-1)
  })

  it('links places of different sizes into lists', () => {
    const slab = new FrameSlab(64 * MIB)
    const [small, large] = [slab.acquire(100), slab.acquire(10_000)]
    slab.setNext(small, large)
    slab.setNext(large, -1)
    expect([slab.next(small), slab.next(large)]).to.deep.equal([large, -1])
  })
})
