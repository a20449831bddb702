import { expect } from 'chai'
import fc from 'fast-check'
import { FRAME } from '../../../../../kernel/contract/index.js'
import { FrameSlab } from '../../../../../kernel/routing/frames/frame-slab.js'
import { FAILURE_BYTES, FAILURE_PLACES, Mailboxes, SHARES } from '../../../../../kernel/routing/frames/mailboxes.js'

const BYTES = 1_000
const NORMAL = 1
const CRITICAL = 3

/** Two mailboxes, and frames that have nothing but a length and a priority. */
class Scene {
  readonly slab = new FrameSlab(64 * 1024 * 1024)
  readonly boxes: Mailboxes

  constructor (messages: number, bytes = BYTES) {
    this.boxes = new Mailboxes(this.slab, 2, bytes)
    this.boxes.bound(0, messages)
    this.boxes.bound(1, messages)
  }

  push (place: number, length: number, priority = NORMAL): number {
    const reference = this.slab.acquire(length)
    const view = this.slab.view(reference)
    const at = this.slab.offset(reference)
    view.setUint32(at + FRAME.length, length, true)
    view.setUint8(at + FRAME.priority, priority)
    this.boxes.push(place, reference, length)
    return reference
  }

  /** Priority of the frame that is taken out. */
  takeLevel (place = 0): number {
    const reference = this.boxes.take(place)
    const priority = this.slab.view(reference).getUint8(this.slab.offset(reference) + FRAME.priority)
    this.slab.release(reference)
    return priority
  }
}

describe('mailboxes', () => {
  it('give messages in the order in which they came, each mailbox by itself', () => {
    const scene = new Scene(10, 10_000)
    const { boxes } = scene
    const [first, other, second] = [scene.push(0, 100), scene.push(1, 300), scene.push(0, 5_000)]
    expect([boxes.take(0), boxes.take(0), boxes.take(0)]).to.deep.equal([first, second, -1])
    expect([boxes.count(0), boxes.count(1), boxes.take(1)]).to.deep.equal([0, 1, other])
  })

  it('take as many messages as they may hold, then only failures in the places kept for those', () => {
    const scene = new Scene(2)
    const { boxes } = scene
    for (let count = 0; count < 2; count++) scene.push(0, 10, count)
    expect(boxes.accepts(0, 10, false)).to.equal(false)
    for (let count = 0; count < FAILURE_PLACES; count++) {
      expect(boxes.accepts(0, 10, true)).to.equal(true)
      scene.push(0, 10)
    }
    expect(boxes.accepts(0, 10, true)).to.equal(false)
    expect(boxes.accepts(1, 10, false)).to.equal(true)
  })

  it('take no more bytes than they may hold, and of failures no more than the bytes kept for those', () => {
    const scene = new Scene(1_000)
    const { boxes } = scene
    scene.push(0, 900)
    expect([boxes.accepts(0, 100, false), boxes.accepts(0, 101, false)]).to.deep.equal([true, false])
    expect(boxes.accepts(0, 100 + FAILURE_BYTES, true)).to.equal(true)
    expect(boxes.accepts(0, 101 + FAILURE_BYTES, true)).to.equal(false)
    boxes.take(0)
    scene.push(0, 100)
    expect(boxes.accepts(0, 900, false)).to.equal(true)
    expect(boxes.accepts(0, 901, false)).to.equal(false)
  })

  it('take one message of any length when they are empty', () => {
    const scene = new Scene(10)
    expect(scene.boxes.accepts(0, 50_000, false)).to.equal(true)
    scene.push(0, 50_000)
    expect(scene.boxes.accepts(0, 1, false)).to.equal(false)
  })

  it('give what is more urgent first, and of each level its share of a round while all wait', () => {
    const scene = new Scene(1_000, 1_000_000)
    for (let count = 0; count < 30; count++) for (const level of [0, 1, 2, 3]) scene.push(0, 100, level)
    const round = [...new Array<number>(8).fill(3), ...new Array<number>(4).fill(2), 1, 1, 0]
    for (let count = 0; count < 3; count++) expect(round.map(() => scene.takeLevel())).to.deep.equal(round)
  })

  it('let a low message wait for 14 others at the most, however many urgent ones keep coming', () => {
    const scene = new Scene(1_000, 1_000_000)
    for (let count = 0; count < 20; count++) for (const level of [1, 2, 3]) scene.push(0, 100, level)
    for (let count = 0; count < 5; count++) scene.takeLevel()
    scene.push(0, 100, 0)
    const taken: number[] = []
    while (taken.at(-1) !== 0) {
      taken.push(scene.takeLevel())
      scene.push(0, 100, CRITICAL)
    }
    expect(taken.length).to.be.at.most(SHARES.reduce((sum, share) => sum + share, 0))
  })

  it('keep the order within a level, lose nothing and count right, whatever is pushed and taken', () => {
    const step = fc.oneof(fc.record({ place: fc.nat(1), level: fc.nat(3), length: fc.integer({ min: 8, max: 3_000 }) }), fc.nat(1))
    fc.assert(fc.property(fc.array(step, { maxLength: 300 }), steps => {
      const scene = new Scene(1_000, 10_000_000)
      const waiting = new Map<number, number[]>()
      const take = (place: number): void => {
        const reference = scene.boxes.take(place)
        const held = [0, 1, 2, 3].map(level => waiting.get(place * 4 + level) ?? [])
        if (reference < 0) expect(held.flat()).to.deep.equal([])
        else expect(held.some(level => level[0] === reference && level.shift() !== undefined)).to.equal(true)
      }
      for (const next of steps) {
        if (typeof next === 'number') take(next)
        else {
          const list = next.place * 4 + next.level
          waiting.set(list, [...waiting.get(list) ?? [], scene.push(next.place, next.length, next.level)])
        }
        for (const place of [0, 1]) {
          const held = [0, 1, 2, 3].flatMap(level => waiting.get(place * 4 + level) ?? [])
          expect(scene.boxes.count(place)).to.equal(held.length)
        }
      }
      for (const place of [0, 1]) while (scene.boxes.count(place) > 0) take(place)
      expect([scene.boxes.accepts(0, 10_000_000, false), scene.boxes.take(0), scene.boxes.take(1)]).to.deep.equal([true, -1, -1])
    }))
  })

  it('begin a new round when a mailbox gets a new owner', () => {
    const scene = new Scene(100, 1_000_000)
    for (let count = 0; count < 20; count++) for (const level of [0, 3]) scene.push(0, 100, level)
    for (let count = 0; count < 8; count++) scene.takeLevel()
    scene.boxes.bound(0, 100)
    expect(Array.from({ length: 9 }, () => scene.takeLevel())).to.deep.equal([3, 3, 3, 3, 3, 3, 3, 3, 0])
  })
})
