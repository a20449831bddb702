import { expect } from 'chai'
import type { Address } from '../../../../../kernel/routing/frames/frame.js'
import { contentOf, RoutingScene } from '../../../../support/routing-scene.js'

const NOBODY = { handle: 0, generation: 0 }

describe('two versions that share a name', () => {
  let scene: RoutingScene
  let sender: Address
  let first: Address
  let second: Address
  const share = (percent: number): void => scene.names.share({ name: 'shop', first, second, share: percent })
  const request = (conversation = 0n) =>
    scene.send(sender, { to: NOBODY, act: 'request', conversation, fields: { to: 'shop', protocol: 'fipa-request' } })
  const receivers = (): number[] => scene.local.received.map(({ receiver }) => receiver.handle)

  beforeEach(() => {
    scene = new RoutingScene()
    sender = scene.here
    first = scene.agent(10, 1)
    second = scene.agent(11, 1)
    scene.names.set('shop', first.handle, first.generation)
  })

  it('share what begins, and the name is one version\'s again afterwards', () => {
    share(50)
    for (let count = 0; count < 4; count++) request()
    expect(receivers()).to.deep.equal([10, 11, 10, 11])
    scene.names.unshare('shop')
    for (let count = 0; count < 2; count++) request()
    expect(receivers().slice(4)).to.deep.equal([10, 10])
  })

  it('keep the conversations that they are part of, whatever the share becomes', () => {
    share(0)
    const begun = request().frame.conversation
    share(100)
    const later = request().frame.conversation
    scene.arrive(first, { to: sender, act: 'agree', conversation: begun })
    for (const conversation of [begun, later]) {
      scene.send(sender, { to: NOBODY, act: 'cancel', conversation, fields: { to: 'shop' } })
    }
    expect(receivers().filter(handle => handle > 9).slice(0, 2)).to.deep.equal([10, 11])
    const { table } = scene.conversations
    for (const [conversation, other] of [[begun, 11], [later, 10]] as const) {
      const found = table.findId(conversation) ?? expect.fail('it is over')
      expect(table.branches.find(found, other)).to.equal(undefined)
    }
  })

  it('always get what an agent sends outside a conversation, the same one of them', () => {
    share(50)
    for (let count = 0; count < 5; count++) scene.send(sender, { to: NOBODY, act: 'inform', fields: { to: 'shop' } })
    expect(new Set(receivers()).size).to.equal(1)
  })

  it('get the answers to what they began, also by name, and also where both live in one thread', () => {
    const { frame } = scene.send(second, { to: scene.there, act: 'request', fields: { protocol: 'fipa-request' } })
    share(50)
    scene.arrive(scene.there, { to: first, act: 'agree', conversation: frame.conversation })
    expect(receivers()).to.deep.equal([11])
    scene.send(sender, { to: NOBODY, act: 'inform', conversation: frame.conversation, fields: { to: 'shop' } })
    expect(receivers().filter(handle => handle === 10)).to.deep.equal([])
  })

  it('do not get what belongs to nobody', () => {
    share(50)
    scene.arrive(scene.there, { to: first, act: 'inform', conversation: 0x0100_0005_0000_00ffn })
    expect(receivers()).to.deep.equal([])
    const answer = scene.takeFromRing()
    expect(answer === undefined ? undefined : contentOf(answer)).to.deep.include({ code: 'ACT_NOT_LEGAL' })
  })
})
