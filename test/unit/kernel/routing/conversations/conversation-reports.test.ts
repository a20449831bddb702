import { expect } from 'chai'
import { HOST_RESULTS, type Act } from '../../../../../kernel/contract/index.js'
import { ConversationDesk } from '../../../../../kernel/routing/conversations/conversation-desk.js'
import type { ConversationPicture } from '../../../../../kernel/routing/conversations/conversation-picture.js'
import { REQUEST } from '../../../../support/request-protocol.js'
import { RoutingScene } from '../../../../support/routing-scene.js'

describe('the desk of conversations reports', () => {
  let scene: RoutingScene
  let desk: ConversationDesk
  let watched: boolean
  const open = (): bigint => {
    const { result, frame } = scene.send(scene.here, { to: scene.there, fields: { protocol: 'fipa-request' }, content: 'please' })
    expect(result).to.equal(HOST_RESULTS.ok)
    return frame.conversation
  }
  const answer = (conversation: bigint, act: Act): void => scene.arrive(scene.there, { act, conversation })
  const settled = (): Array<ConversationPicture | bigint> => {
    const { changed, gone } = desk.report('all') ?? { changed: [], gone: [] }
    return [...changed, ...gone]
  }

  beforeEach(() => {
    watched = false
    scene = new RoutingScene({}, 2 ** 20, [REQUEST])
    desk = new ConversationDesk(scene.conversations, scene.post.voice, () => scene.now, 50, () => watched)
  })

  it('what changed once a tick, however often it changed', () => {
    expect([desk.due, desk.report('all')]).to.deep.equal([Infinity, undefined])
    const id = open()
    expect(desk.due).to.equal(scene.now + 50)
    answer(id, 'agree')
    expect(desk.report('all')?.changed.map(picture => [picture.id, picture.branches[0]?.state])).to.deep.equal([[id, 'agreed']])
    expect([desk.due, settled()]).to.deep.equal([Infinity, []])
  })

  it('the end of what it reported open, and nothing of what began and ended between two reports', () => {
    const lasting = open()
    settled()
    const short = open()
    answer(short, 'inform')
    answer(lasting, 'inform')
    expect(settled()).to.deep.equal([lasting])
    open()
    expect(settled()).to.have.length(1)
  })

  it('what changed half a tick ago, so that short conversations are never mentioned', () => {
    const lasting = open()
    scene.now += 30
    const later = open()
    for (let count = 0; count < 100; count++) answer(open(), 'inform')
    scene.now += 20
    expect(desk.due).to.equal(scene.now)
    expect(desk.report('ripe')?.changed.map(({ id }) => id)).to.deep.equal([lasting])
    // A tick after it changed, and not later, however often its row was used before.
    expect(desk.due).to.equal(scene.now + 30)
    answer(lasting, 'agree')
    scene.now += 30
    expect(desk.report('ripe')?.changed.map(({ id }) => id)).to.have.members([later, lasting])
    expect(desk.due).to.equal(Infinity)
  })

  it('a share at a time when much changed, and says that there is more', () => {
    for (let count = 0; count < 700; count++) open()
    expect(settled()).to.have.length(500)
    expect(desk.due).to.equal(scene.now + 50)
    expect(settled()).to.have.length(200)
    expect(desk.due).to.equal(Infinity)
  })

  it('how conversations ended while somebody watches, and only from then on', () => {
    answer(open(), 'inform')
    watched = true
    expect(desk.due).to.equal(0)
    expect(desk.report('all')).to.equal(undefined)
    const id = open()
    answer(id, 'refuse')
    expect(desk.report('all')?.ended.map(({ id: ended, end }) => [ended, end])).to.deep.equal([[id, 'completed']])
    for (let count = 0; count < 600; count++) answer(open(), 'refuse')
    expect(desk.report('all')).to.deep.include({ skipped: 100 }).and.to.have.property('ended').with.length(500)
  })
})
