import { expect } from 'chai'
import { FRAME_FLAGS, HOST_RESULTS, type Act } from '../../../../kernel/contract/index.js'
import type { Address, ReadFrame } from '../../../../kernel/routing/frames/frame.js'
import { CONTRACT_NET_PROTOCOL } from '../../../../plugins/protocol-contract-net/contract-net-protocol.js'
import { contentOf, RoutingScene } from '../../../support/routing-scene.js'

const FIELDS = { protocol: CONTRACT_NET_PROTOCOL.name }

describe('A call for proposals', () => {
  let scene: RoutingScene
  let id: bigint
  const bidders = (count: number): Address[] => Array.from({ length: count }, (_, index) => scene.agent(10 + index, 2))
  /** Calls all of them in one conversation. */
  const call = (all: readonly Address[], deadline: number): void => {
    id = 0n
    for (const to of all) {
      const { frame, result } = scene.send(scene.here, { to, act: 'cfp', conversation: id, deadline, fields: FIELDS })
      expect(result).to.equal(HOST_RESULTS.ok)
      id = frame.conversation
      scene.takeFromRing()
    }
  }
  const say = (bidder: Address, act: Act, deadline = 0): void => scene.arrive(bidder, { act, conversation: id, deadline, fields: FIELDS })
  const tell = (bidder: Address, act: Act): number => scene.send(scene.here, { to: bidder, act, conversation: id, fields: FIELDS }).result
  const heard = (): Array<[Act, number]> => scene.local.received.splice(0).map(({ act, sender }) => [act, sender.handle])
  /** What the next frame to a bidder says, and why. */
  const told = (): unknown[] => {
    const frame = scene.takeFromRing()
    return frame === undefined ? [] : [frame.act, frame.receiver.handle, codeOf(frame), frame.conversation === id]
  }
  const codeOf = (frame: ReadFrame): unknown => frame.content.length === 0 ? undefined : contentOf(frame)['code']
  const pass = (milliseconds: number): void => {
    scene.now += milliseconds
    scene.now = Math.max(scene.now, Math.min(scene.post.due, scene.now + 100))
    scene.post.expire()
  }

  beforeEach(() => { scene = new RoutingScene({}, 65_536, [CONTRACT_NET_PROTOCOL]) })

  it('is answered for everybody who is silent at its reply-by, as by a refusal', () => {
    const [early = scene.there, ...silent] = bidders(4)
    call([early, ...silent], scene.now + 500)
    say(early, 'propose')
    heard()
    pass(500)
    expect(scene.local.received.map(codeOf)).to.deep.equal(Array(3).fill('DEADLINE_PASSED'))
    expect(heard()).to.have.deep.members(silent.map(({ handle }) => ['refuse', handle]))
    expect(tell(early, 'accept-proposal')).to.equal(HOST_RESULTS.ok)
  })

  it('answers a proposal after reply-by with a rejection, which changes nothing', () => {
    const [early = scene.there, late = scene.there] = bidders(2)
    call([early, late], scene.now + 500)
    say(early, 'propose')
    pass(500)
    heard()
    say(late, 'propose')
    say(late, 'propose')
    expect(heard()).to.deep.equal([])
    expect([told(), told()]).to.deep.equal(Array(2).fill(['reject-proposal', late.handle, 'PROPOSAL_LATE', true]))
    expect(scene.observer.letters.map(({ reason, frame }) => [reason, frame.act]))
      .to.deep.equal(Array(2).fill(['CONVERSATION_UNKNOWN', 'propose']))
    expect(tell(late, 'accept-proposal')).to.equal(HOST_RESULTS.malformed)
  })

  it('answers a proposal with a rejection when all is over', () => {
    const [late = scene.there] = bidders(1)
    call([late], scene.now + 500)
    pass(500)
    expect(scene.conversations.table.size).to.equal(0)
    heard()
    say(late, 'propose')
    expect([heard(), told()]).to.deep.equal([[], ['reject-proposal', late.handle, 'PROPOSAL_LATE', true]])
  })

  it('keeps to the first of two proposals', () => {
    const [bidder = scene.there] = bidders(1)
    call([bidder], 0)
    say(bidder, 'propose')
    say(bidder, 'propose')
    expect([heard(), told()[0]]).to.deep.equal([[['propose', bidder.handle]], 'not-understood'])
    expect(tell(bidder, 'accept-proposal')).to.equal(HOST_RESULTS.ok)
  })

  it('takes the platform\'s failure for a refusal, and a bidder\'s own for out of turn', () => {
    const [dead = scene.there, odd = scene.there] = bidders(2)
    call([dead, odd], 0)
    scene.arrive(dead, { act: 'failure', conversation: id, fields: FIELDS, flags: FRAME_FLAGS.platform })
    say(odd, 'failure')
    expect([heard(), told()[0]]).to.deep.equal([[['failure', dead.handle]], 'not-understood'])
    say(odd, 'refuse')
    expect(scene.conversations.table.size).to.equal(0)
  })

  for (const awards of [0, 1, 3]) {
    it(`can be awarded to ${awards} of three`, () => {
      const three = bidders(3)
      call(three, 0)
      for (const bidder of three) say(bidder, 'propose')
      for (const [index, bidder] of three.entries()) {
        expect(tell(bidder, index < awards ? 'accept-proposal' : 'reject-proposal')).to.equal(HOST_RESULTS.ok)
      }
      expect(scene.conversations.table.size).to.equal(awards === 0 ? 0 : 1)
      for (const bidder of three.slice(0, awards)) say(bidder, bidder === three[0] ? 'failure' : 'inform')
      expect(scene.conversations.table.size).to.equal(0)
    })
  }

  it('lets a proposal lapse at its own reply-by, and tells both', () => {
    const [bidder = scene.there, other = scene.there] = bidders(2)
    call([bidder, other], 0)
    say(bidder, 'propose', scene.now + 200)
    heard()
    pass(200)
    expect([heard(), told()]).to.deep.equal([[], ['reject-proposal', bidder.handle, 'DEADLINE_PASSED', true]])
    expect(tell(bidder, 'accept-proposal')).to.equal(HOST_RESULTS.ok)
    expect(scene.local.received.map(frame => [frame.act, codeOf(frame)])).to.deep.equal([['failure', 'PROPOSAL_LAPSED']])
    expect(told()).to.deep.equal([])
  })

  it('goes on in every branch while one of them is cancelled', () => {
    const [kept = scene.there, cancelled = scene.there] = bidders(2)
    call([kept, cancelled], 0)
    expect(tell(cancelled, 'cancel')).to.equal(HOST_RESULTS.ok)
    say(cancelled, 'propose')
    say(cancelled, 'inform')
    say(kept, 'propose')
    expect(heard()).to.deep.equal([['propose', cancelled.handle], ['inform', cancelled.handle], ['propose', kept.handle]])
    expect(tell(kept, 'accept-proposal')).to.equal(HOST_RESULTS.ok)
  })
})
