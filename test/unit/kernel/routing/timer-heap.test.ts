import { expect } from 'chai'
import fc from 'fast-check'
import { TimerHeap, type TimerEntry } from '../../../../kernel/routing/timer-heap.js'

const entry = (due: number, id = 0): TimerEntry => ({ due, owner: 0, id, cancelled: false })

describe('the timer heap', () => {
  it('gives what is due, earliest first, and nothing that was cancelled', () => {
    const steps = fc.array(fc.oneof(
      fc.record({ add: fc.integer({ min: 0, max: 50 }) }), fc.record({ cancel: fc.nat() }),
      fc.record({ until: fc.integer({ min: 0, max: 60 }) }),
    ), { maxLength: 120 })
    fc.assert(fc.property(steps, script => {
      const heap = new TimerHeap()
      let model: TimerEntry[] = []
      for (const [id, step] of script.entries()) {
        if ('add' in step) {
          const added = entry(step.add, id)
          heap.add(added)
          model.push(added)
        } else if ('cancel' in step) {
          const [victim] = model.splice(step.cancel % Math.max(1, model.length), 1)
          if (victim !== undefined) heap.cancel(victim)
        } else {
          const due = model.filter(one => one.due <= step.until).map(one => one.due).sort((one, other) => one - other)
          const taken: number[] = []
          for (let one = heap.take(step.until); one !== undefined; one = heap.take(step.until)) {
            expect(model).to.include(one)
            taken.push(one.due)
          }
          expect(taken).to.deep.equal(due)
          model = model.filter(one => one.due > step.until)
        }
      }
    }), { numRuns: 300 })
  })

  it('is due when the earliest entry is, and never when it is empty', () => {
    const heap = new TimerHeap()
    expect(heap.due).to.equal(Infinity)
    heap.add(entry(30))
    heap.add(entry(20))
    expect(heap.due).to.equal(20)
  })

  it('does not grow when timers are set and cancelled without end', () => {
    const heap = new TimerHeap()
    const kept = entry(5)
    heap.add(kept)
    for (let count = 0; count < 100_000; count++) {
      const one = entry(1_000_000 + count)
      heap.add(one)
      heap.cancel(one)
    }
    expect(heap.size).to.be.below(5_000)
    expect(heap.take(10)).to.equal(kept)
  })
})
