import { expect } from 'chai'
import { FrameSlab } from '../../../../kernel/routing/frame-slab.js'
import { FAILURE_BYTES, FAILURE_PLACES, Mailboxes } from '../../../../kernel/routing/mailboxes.js'

const BYTES = 1_000

function mailboxes (messages: number): { readonly boxes: Mailboxes, readonly push: (place: number, length: number) => number } {
  const slab = new FrameSlab(64 * 1024 * 1024)
  const boxes = new Mailboxes(slab, 2, BYTES)
  boxes.bound(0, messages)
  boxes.bound(1, messages)
  const push = (place: number, length: number): number => {
    const reference = slab.acquire(length)
    boxes.push(place, reference, length)
    return reference
  }
  return { boxes, push }
}

describe('mailboxes', () => {
  it('give messages in the order in which they came, each mailbox by itself', () => {
    const { boxes, push } = mailboxes(10)
    const [first, other, second] = [push(0, 100), push(1, 300), push(0, 5_000)]
    expect(boxes.first(0)).to.equal(first)
    boxes.shift(0, 100)
    expect(boxes.first(0)).to.equal(second)
    boxes.shift(0, 5_000)
    expect([boxes.first(0), boxes.count(0), boxes.first(1)]).to.deep.equal([-1, 0, other])
  })

  it('take as many messages as they may hold, then only failures in the places kept for those', () => {
    const { boxes, push } = mailboxes(2)
    for (let count = 0; count < 2; count++) push(0, 10)
    expect(boxes.accepts(0, 10, false)).to.equal(false)
    for (let count = 0; count < FAILURE_PLACES; count++) {
      expect(boxes.accepts(0, 10, true)).to.equal(true)
      push(0, 10)
    }
    expect(boxes.accepts(0, 10, true)).to.equal(false)
    expect(boxes.accepts(1, 10, false)).to.equal(true)
  })

  it('take no more bytes than they may hold, and of failures no more than the bytes kept for those', () => {
    const { boxes, push } = mailboxes(1_000)
    push(0, 900)
    expect([boxes.accepts(0, 100, false), boxes.accepts(0, 101, false)]).to.deep.equal([true, false])
    expect(boxes.accepts(0, 100 + FAILURE_BYTES, true)).to.equal(true)
    expect(boxes.accepts(0, 101 + FAILURE_BYTES, true)).to.equal(false)
    boxes.shift(0, 900)
    push(0, 10)
    expect(boxes.accepts(0, 990, false)).to.equal(true)
  })

  it('take one message of any length when they are empty', () => {
    const { boxes, push } = mailboxes(10)
    expect(boxes.accepts(0, 50_000, false)).to.equal(true)
    push(0, 50_000)
    expect(boxes.accepts(0, 1, false)).to.equal(false)
  })
})
