import { expect } from 'chai'
import fc from 'fast-check'
import { DueHeap } from '../../../../kernel/routing/conversations/due-heap.js'
import { PairTable } from '../../../../kernel/routing/conversations/pair-table.js'

const RUNS = { numRuns: process.env.CAXTON_TEST_LONG === '1' ? 5_000 : 200 }

describe('structures of numbers', () => {
  it('a table by pairs of words answers as a map would, whatever is put in and taken out', () => {
    // Few different words, and among them those that collide, so that neighbours push one another along.
    const word = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.constantFrom(-1, 0xffffffff, 0x80000000, 64, 128, 8_192))
    const change = fc.tuple(fc.boolean(), word, word, fc.nat(1_000))
    fc.assert(fc.property(fc.array(change, { maxLength: 400 }), changes => {
      const table = new PairTable()
      const wanted = new Map<string, [number, number, number]>()
      for (const [puts, low, high, value] of changes) {
        const key = `${low | 0} ${high | 0}`
        if (puts) {
          expect(table.add(low, high, value)).to.equal(!wanted.has(key))
          if (!wanted.has(key)) wanted.set(key, [low, high, value])
        } else {
          table.delete(low, high)
          wanted.delete(key)
        }
        expect(table.get(low, high)).to.equal(wanted.get(key)?.[2] ?? -1)
      }
      expect(table.size).to.equal(wanted.size)
      for (const [low, high, value] of wanted.values()) expect(table.get(low, high)).to.equal(value)
    }), RUNS)
  })

  it('a heap gives the earliest first, also after times were changed and taken back', () => {
    const change = fc.tuple(fc.nat(40), fc.option(fc.nat(1_000)))
    fc.assert(fc.property(fc.array(change, { maxLength: 300 }), changes => {
      const heap = new DueHeap()
      const wanted = new Map<number, number>()
      for (const [item, due] of changes) {
        if (due === null) {
          heap.remove(item)
          wanted.delete(item)
        } else {
          heap.set(item, due)
          wanted.set(item, due)
        }
        expect(heap.due).to.equal(Math.min(...wanted.values()))
        expect(heap.dueOf(item)).to.equal(wanted.get(item) ?? Infinity)
      }
      const order: number[] = []
      while (heap.size > 0) {
        order.push(heap.due)
        heap.remove(heap.first)
      }
      expect(order).to.deep.equal([...wanted.values()].sort((one, other) => one - other))
      expect([heap.first, heap.due]).to.deep.equal([-1, Infinity])
    }), RUNS)
  })
})
