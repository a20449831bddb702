import { expect } from 'chai'
import { HOST_RESULTS, type Act } from '../../../../../kernel/contract/index.js'
import { ConversationDesk } from '../../../../../kernel/routing/conversations/conversation-desk.js'
import type { ConversationPicture } from '../../../../../kernel/routing/conversations/conversation-picture.js'
import type { Address } from '../../../../../kernel/routing/frames/frame.js'
import type { ConversationLimits } from '../../../../../kernel/routing/conversations/conversation-limits.js'
import { REQUEST_PROTOCOL } from '../../../../../plugins/protocol-request/request-protocol.js'
import { REQUEST } from '../../../../support/request-protocol.js'
import { contentOf, RoutingScene } from '../../../../support/routing-scene.js'

describe('the desk of conversations', () => {
  let scene: RoutingScene
  let desk: ConversationDesk
  let watched: boolean
  const begin = (limits: Partial<ConversationLimits> = {}, cancellable = false): void => {
    scene = new RoutingScene(limits, 2 ** 20, [cancellable ? REQUEST_PROTOCOL : REQUEST])
    desk = new ConversationDesk(scene.conversations, scene.post.voice, () => scene.now, 50, () => watched)
  }
  const open = (sender: Address = scene.here, to: Address = scene.there, deadline = 0): bigint => {
    const { result, frame } = scene.send(sender, { to, fields: { protocol: 'fipa-request' }, deadline, content: 'please' })
    expect(result).to.equal(HOST_RESULTS.ok)
    return frame.conversation
  }
  const answer = (conversation: bigint, act: Act): void => scene.arrive(scene.there, { act, conversation })
  const list = (query: { agent?: number, protocol?: string, withEnded?: boolean, limit?: number } = {}): bigint[] =>
    desk.list({ withEnded: false, limit: 10, ...query }).map(({ id }) => id)
  const show = (id: bigint): ConversationPicture | undefined => desk.list({ id, withEnded: true, limit: 1 })[0]
  const settled = (): Array<ConversationPicture | bigint> => {
    const { changed, gone } = desk.report('all') ?? { changed: [], gone: [] }
    return [...changed, ...gone]
  }

  beforeEach(() => {
    watched = false
    begin()
  })

  describe('lists', () => {
    it('those first in which somebody spoke last, and those that ended after them', () => {
      const [first, second, third] = [open(), open(), open()]
      scene.now += 10
      answer(first, 'agree')
      answer(second, 'refuse')
      expect(list()).to.deep.equal([first, third])
      expect(list({ withEnded: true })).to.deep.equal([first, third, second])
      expect(list({ limit: 1 })).to.deep.equal([first])
    })

    it('only those of an agent, at either end, or of a protocol', () => {
      const mine = open(scene.here, scene.there)
      const theirs = open(scene.alsoHere, scene.here)
      const others = open(scene.alsoHere, scene.there)
      expect(list({ agent: scene.here.handle })).to.have.members([mine, theirs])
      expect(list({ agent: scene.there.handle })).to.have.members([mine, others])
      expect(list({ protocol: 'fipa-request' })).to.have.length(3)
      expect(list({ protocol: 'fipa-query' })).to.deep.equal([])
    })

    it('few participants, of which there are more, and shows all of one', () => {
      const id = open(scene.here, scene.agent(100, 2))
      for (let handle = 101; handle < 120; handle++) {
        scene.send(scene.here, { to: scene.agent(handle, 2), conversation: id })
      }
      const [listed] = desk.list({ withEnded: false, limit: 10 })
      expect([listed?.branches.length, listed?.participants]).to.deep.equal([8, 20])
      expect(show(id)?.branches.map(({ participant }) => participant)).to.deep.equal(Array.from({ length: 20 }, (_, at) => 100 + at))
    })
  })

  it('tells initiators at once that a participant is gone for good, and takes nobody for it', () => {
    const [awaited, done, others] = [open(), open(), open(scene.here, scene.agent(9, 2))]
    answer(done, 'refuse')
    const many = open(scene.here, scene.agent(100, 2))
    for (let handle = 101; handle < 109; handle++) scene.send(scene.here, { to: scene.agent(handle, 2), conversation: many })
    scene.send(scene.here, { to: scene.there, conversation: many })
    scene.local.received.splice(0)
    desk.obey({ kind: 'depart', participant: scene.there.handle }, () => {})
    expect(scene.local.received.map(frame => [frame.act, frame.conversation, frame.sender])).to.have.deep.members([
      ['failure', awaited, scene.there], ['failure', many, scene.there],
    ])
    expect(scene.local.received.map(contentOf)).to.deep.include({ code: 'AGENT_NOT_FOUND', reason: 'there is no such agent' })
    expect(list()).to.have.members([others, many])
    const lastOf = (id: bigint): unknown => show(id)?.branches.at(-1)
    expect(lastOf(awaited)).to.include({ participant: -1, state: 'failed' })
    expect(lastOf(done)).to.include({ participant: -1, state: 'refused' })
    expect(lastOf(many)).to.include({ participant: -1, state: 'failed', isOver: true })
    // Whoever has the handle now knows nothing of it.
    scene.arrive(scene.there, { act: 'agree', conversation: many })
    const refusals = Array.from({ length: 20 }, () => scene.takeFromRing()).filter(frame => frame?.act === 'not-understood')
    expect(refusals.map(frame => frame && contentOf(frame))).to.have.nested.property('0.state', 'not a participant')
    expect(scene.local.received).to.have.length(2)
  })

  it('shows states and deadlines of an open conversation, and how an ended one ended', () => {
    const id = open(scene.here, scene.there, scene.now + 500)
    const opened = scene.now
    expect(show(id)).to.deep.include({
      id, protocol: 'fipa-request', initiator: scene.here.handle, priority: 1, opened, active: opened, end: undefined, participants: 1,
      branches: [{ participant: scene.there.handle, state: 'requested', isOver: false, due: opened + 500 }],
    })
    scene.now += 500
    scene.post.expire()
    expect(show(id)).to.deep.include({
      opened, active: opened + 500, end: 'deadline passed',
      branches: [{ participant: scene.there.handle, state: 'failed', isOver: true, due: 0 }],
    })
  })

  it('names each way to end', () => {
    begin({ idle: 1_000 })
    const [completed, idle, gone, cancelled] = [open(), open(), open(scene.alsoHere), open()]
    answer(completed, 'inform')
    scene.post.forget(scene.alsoHere.handle)
    desk.cancel(cancelled)
    scene.now += 1_000
    scene.post.expire()
    expect([completed, idle, gone, cancelled].map(id => show(id)?.end)).to.deep.equal(['completed', 'idle', 'initiator gone', 'cancelled'])
  })

  it('forgets the oldest of those that ended when there are many', () => {
    const first = open()
    answer(first, 'inform')
    for (let count = 0; count < 1_023; count++) answer(open(), 'inform')
    expect(show(first)?.end).to.equal('completed')
    answer(open(), 'inform')
    expect(show(first)).to.equal(undefined)
  })

  describe('keeps the latest messages of a conversation', () => {
    const said = (id: bigint): string[] | undefined => show(id)?.transcript.map(({ act, byInitiator, content, contentBytes }) =>
      `${byInitiator ? '>' : '<'} ${act} ${Buffer.from(content).toString()} ${contentBytes}`)

    it('when it is told to, also after its end, with the beginning of their contents', () => {
      begin({ transcript: 2, transcriptBytes: 4 })
      const id = open()
      scene.arrive(scene.there, { act: 'agree', conversation: id, content: 'yes' })
      expect(said(id)).to.deep.equal(['> 19 plea 6', '< 2 yes 3'])
      answer(id, 'inform')
      expect(said(id)).to.deep.equal(['< 2 yes 3', '< 8  0'])
    })

    it('never otherwise', () => {
      expect(said(open())).to.deep.equal([])
    })
  })

  describe('cancels', () => {
    it('with the act cancel where the protocol knows it: the participant has the last word', () => {
      begin({}, true)
      const id = open()
      scene.takeFromRing()
      expect(desk.cancel(id)[0]).to.deep.include({ end: undefined }).and.to.have.nested.include({ 'branches[0].state': 'cancelling' })
      const told = scene.takeFromRing()
      expect(told).to.deep.include({ act: 'cancel', sender: scene.here, receiver: scene.there, conversation: id })
      expect(contentOf(told ?? { content: new Uint8Array(0) })).to.include({ code: 'CONVERSATION_CANCELLED' })
      answer(id, 'inform')
      expect(show(id)).to.include({ end: 'completed' })
    })

    it('by ending it where the protocol knows no cancel, and tells both ends', () => {
      const id = open()
      scene.takeFromRing()
      expect(desk.cancel(id)[0]).to.include({ end: 'cancelled' })
      for (const told of [scene.takeFromRing(), scene.local.received[0]]) {
        expect(told).to.deep.include({ act: 'failure', conversation: id })
        expect(contentOf(told ?? { content: new Uint8Array(0) })).to.include({ code: 'CONVERSATION_CANCELLED' })
      }
      expect(scene.conversations.table.size).to.equal(0)
    })

    it('nothing that is not open', () => {
      const id = open()
      answer(id, 'inform')
      expect([desk.cancel(id), desk.cancel(77n)]).to.deep.equal([[], []])
    })
  })

  describe('opens conversations of a former start again', () => {
    const former = (more: Partial<ConversationPicture> = {}): ConversationPicture => ({
      id: 0x0100000300000009n, protocol: 'fipa-request', initiator: scene.here.handle, priority: 2, opened: 5, active: 5, end: undefined,
      branches: [{ participant: scene.there.handle, state: 'agreed', isOver: false, due: scene.now + 100 }],
      participants: 1, transcript: [], ...more,
    })

    it('in their state, so that they go on', () => {
      expect(desk.restore([former()])).to.deep.equal([])
      expect(show(former().id)).to.deep.include({ ...former(), active: scene.now })
      answer(former().id, 'inform')
      expect(scene.local.received.map(({ act }) => act)).to.deep.equal(['inform'])
      expect(settled()).to.deep.equal([former().id])
    })

    it('with their deadlines, that drive them on', () => {
      desk.restore([former()])
      scene.now += 100
      scene.post.expire()
      expect(scene.local.received[0]).to.deep.include({ act: 'failure', priority: 2, conversation: former().id })
    })

    it('and gives back what it can\'t: another protocol, another state, one that is open', () => {
      const branches = [{ participant: 4, state: 'dreaming', isOver: false, due: 0 }]
      const wrong = [former({ protocol: 'fipa-query' }), former({ branches }), former({ branches: [] })]
      expect(desk.restore(wrong)).to.deep.equal(wrong)
      desk.restore([former()])
      expect(desk.restore([former()])).to.have.length(1)
    })
  })
})
