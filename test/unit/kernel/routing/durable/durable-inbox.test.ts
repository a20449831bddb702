import { expect } from 'chai'
import { DELIVERY, FRAME } from '../../../../../kernel/contract/index.js'
import { DurableInbox, isToGoAlone, type Held, type HeldRoom } from '../../../../../kernel/routing/durable/durable-inbox.js'
import { heldOf } from '../../../../support/durable-scene.js'

const ROOM = 10_000_000
const MOST = 1_024
const MIB = 1024 * 1024

describe('the inbox of an agent', () => {
  let room: HeldRoom
  let inbox: DurableInbox

  beforeEach(() => {
    room = { left: ROOM }
    inbox = new DurableInbox('agent', room)
  })

  const keyed = (serial: number, flow?: string): Held => heldOf(String(serial).padStart(6, '0'), flow)
  const many = (from: number, count: number): Held[] => Array.from({ length: count }, (_, index) => keyed(from + index, `${from + index}`))
  const takeAll = (): string[] => {
    const keys: string[] = []
    for (let held = inbox.next(); held !== undefined; held = inbox.next()) {
      keys.push(held.key)
      inbox.done(held)
    }
    return keys
  }

  it('has one message of a flow on its way at a time, and the flows take turns', () => {
    const [one, two, other] = [keyed(1, 'x'), keyed(2, 'x'), keyed(3, 'y')]
    for (const held of [one, two, other]) inbox.offer(held)
    expect(inbox.peek()).to.equal(one)
    expect([inbox.next(), inbox.next(), inbox.next()]).to.deep.equal([one, other, undefined])
    inbox.done(one)
    expect(inbox.next()).to.equal(two)
  })

  it('gives a message again that came back, before the others of its flow', () => {
    const [one, two] = [keyed(1), keyed(2)]
    for (const held of [one, two]) inbox.offer(held)
    inbox.next()
    inbox.release(one)
    expect(inbox.next()).to.equal(one)
    inbox.release(two)
    expect(inbox.next(), 'what was not on its way does not come back').to.equal(undefined)
  })

  it('leaves what does not fit to the store, and reads it from there, in order and once', async () => {
    const all = many(0, MOST + 10)
    for (const held of all) inbox.offer(held)
    expect(takeAll()).to.have.length(MOST)
    const asked: Array<string | undefined> = []
    expect(await inbox.refill(async (after, most) => {
      asked.push(after)
      return all.filter(({ key }) => key > (after ?? '')).slice(0, most)
    })).to.equal(true)
    expect(asked).to.deep.equal([all[MOST - 1]?.key])
    expect(takeAll()).to.deep.equal(all.slice(MOST).map(({ key }) => key))
    expect(inbox.isEmpty).to.equal(true)
  })

  it('does not hold more than a mebibyte, and one message of any size', async () => {
    inbox.offer(heldOf('1', 'x', 2 * MIB))
    inbox.offer(heldOf('2', 'y', 10))
    expect(inbox.next()?.key).to.equal('1')
    expect(inbox.next()).to.equal(undefined)
    expect(await inbox.refill(async () => { throw new Error('there is no room yet') })).to.equal(false)
  })

  it('has new messages wait in the store behind those that wait there', async () => {
    inbox.expectStored()
    inbox.offer(keyed(2))
    expect(inbox.next()).to.equal(undefined)
    await inbox.refill(async () => [keyed(1), keyed(2)])
    expect(takeAll()).to.deep.equal(['000001', '000002'])
  })

  it('knows of a message that came while it read, although the reading did not find it', async () => {
    inbox.expectStored()
    expect(await inbox.refill(async () => {
      inbox.offer(keyed(1))
      return []
    }), 'there is something to read').to.equal(true)
    expect(inbox.isEmpty).to.equal(false)
    await inbox.refill(async () => [keyed(1)])
    expect(takeAll()).to.deep.equal(['000001'])
    expect(inbox.isEmpty).to.equal(true)
  })

  it('reads once at a time, and again after a reading that failed', async () => {
    inbox.expectStored()
    let fail: (error: Error) => void = () => {}
    const first = inbox.refill(() => new Promise((_resolve, reject) => { fail = reject }))
    expect(await inbox.refill(async () => [keyed(1)])).to.equal(false)
    fail(new Error('the disk is gone'))
    await first.catch(() => {})
    expect(await inbox.refill(async () => [keyed(1)])).to.equal(true)
  })

  it('takes room that all inboxes share, but for one message of each', async () => {
    room.left = 50
    const other = new DurableInbox('other', room)
    inbox.offer(heldOf('1', 'x', 60))
    for (const key of ['1', '2']) other.offer(heldOf(key, key, 60))
    expect([other.next()?.key, other.next()]).to.deep.equal(['1', undefined])
    expect(room.left).to.equal(-70)
  })

  it('gives its room back with each message, and all of it when it is cleared', () => {
    for (const key of ['1', '2', '3']) inbox.offer(heldOf(key, 'x', 100))
    const held = inbox.next()
    if (held !== undefined) inbox.done(held)
    expect(room.left).to.equal(ROOM - 200)
    inbox.clear()
    expect(room.left).to.equal(ROOM)
    if (held !== undefined) inbox.done(held)
    expect(room.left, 'what is settled afterwards gives nothing back a second time').to.equal(ROOM)
  })

  it('takes no room for what was being read when it was cleared', async () => {
    inbox.expectStored()
    const reading = inbox.refill(async () => [keyed(1)])
    inbox.clear()
    expect(await reading).to.equal(false)
    expect(room.left).to.equal(ROOM)
    expect(inbox.next()).to.equal(undefined)
  })

  it('lets an exactly-once message go alone that failed, and no other', () => {
    for (const [mode, attempts, alone] of [['exactly-once', 1, true], ['exactly-once', 0, false], ['at-least-once', 1, false]] as const) {
      const held = keyed(1)
      held.frame[FRAME.delivery] = DELIVERY.indexOf(mode)
      held.attempts = attempts
      expect(isToGoAlone(held), `${mode} ${attempts}`).to.equal(alone)
    }
  })
})
