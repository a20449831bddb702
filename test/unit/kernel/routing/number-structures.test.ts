import { expect } from 'chai'
import fc from 'fast-check'
import { DueHeap } from '../../../../kernel/routing/conversations/due-heap.js'
import { LinkedRows } from '../../../../kernel/routing/conversations/linked-rows.js'
import { NumberRows } from '../../../../kernel/routing/conversations/number-rows.js'
import { PairTable } from '../../../../kernel/routing/conversations/pair-table.js'

const RUNS = { numRuns: process.env.CAXTON_TEST_LONG === '1' ? 5_000 : 200 }

describe('structures of numbers', () => {
  it('rows keep their numbers until they are given back, and are then used again', () => {
    const rows = new NumberRows(3)
    const taken = Array.from({ length: 1_000 }, () => rows.take())
    for (const row of taken) for (const column of [0, 1, 2]) rows.set(row, column, row * 10 + column)
    for (const row of taken) expect([0, 1, 2].map(column => rows.get(row, column))).to.deep.equal([row * 10, row * 10 + 1, row * 10 + 2])
    for (const row of [10, 20]) rows.giveBack(row)
    expect([rows.used, new Set([rows.take(), rows.take()]), rows.take()]).to.deep.equal([998, new Set([10, 20]), 1_000])
  })

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

  it('lists keep their order when something is taken out of the middle or moved to the end', () => {
    const change = fc.tuple(fc.nat(2), fc.nat(20), fc.constantFrom('add', 'remove', 'end'))
    fc.assert(fc.property(fc.array(change, { maxLength: 200 }), changes => {
      const lists = new LinkedRows()
      const wanted: number[][] = [[], [], []]
      for (const [list, row, what] of changes) {
        const own = wanted[list] ?? []
        const isInSome = wanted.some(rows => rows.includes(row))
        if (what === 'add' ? isInSome : !own.includes(row)) continue
        if (what === 'add') lists.add(list, row)
        else if (what === 'remove') lists.remove(list, row)
        else lists.moveToEnd(list, row)
        wanted[list] = what === 'add' ? [...own, row] : [...own.filter(each => each !== row), ...what === 'end' ? [row] : []]
      }
      for (const [list, own] of wanted.entries()) {
        const seen: number[] = []
        for (let row = lists.last(list); row >= 0; row = lists.previous(row)) seen.unshift(row)
        expect(seen).to.deep.equal(own)
        expect(lists.first(list)).to.equal(own[0] ?? -1)
        expect(lists.count(list)).to.equal(own.length)
      }
    }), RUNS)
  })
})
