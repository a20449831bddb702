import { expect } from 'chai'
import { DurableInbox } from '../../../../../kernel/routing/durable/durable-inbox.js'
import { OnTheWay, type Sent } from '../../../../../kernel/routing/durable/on-the-way.js'
import { heldOf } from '../../../../support/durable-scene.js'

describe('the messages on their way', () => {
  const room = { left: 1_000 }
  const inbox = new DurableInbox('one', room)
  const other = new DurableInbox('other', room)
  let way: OnTheWay
  beforeEach(() => { way = new OnTheWay() })

  const add = (of: DurableInbox, place = 1): number => {
    const number = way.next()
    way.add(number, { inbox: of, held: heldOf('k'), place, mark: 0 } satisfies Sent)
    return number
  }

  it('have numbers of their own, none of them 0', () => {
    expect([add(inbox), add(inbox), add(other)]).to.deep.equal([1, 2, 3])
  })

  it('are counted for each receiver, and settled once', () => {
    const number = add(inbox)
    add(inbox)
    add(other)
    expect([way.count(inbox), way.count(other)]).to.deep.equal([2, 1])
    expect(way.take(number)?.inbox).to.equal(inbox)
    expect(way.take(number)).to.equal(undefined)
    expect(way.count(inbox)).to.equal(1)
  })

  it('are forgotten with their receiver, the others stay', () => {
    const gone = [add(inbox), add(inbox)]
    const stays = add(other)
    way.forget(inbox)
    expect(gone.map(number => way.find(number))).to.deep.equal([undefined, undefined])
    expect([way.count(inbox), way.find(stays)?.inbox]).to.deep.equal([0, other])
  })

  it('are found by the thread that they went to, but for what is being committed', () => {
    const [there, committing] = [add(inbox, 2), add(inbox, 2)]
    add(inbox, 1)
    const sent = way.find(committing)
    if (sent !== undefined) sent.isCommitting = true
    expect(way.to(2).map(([number]) => number)).to.deep.equal([there])
  })
})
