import { expect } from 'chai'
import { HOST_RESULTS } from '../../../../../kernel/contract/index.js'
import { contentOf, RoutingScene } from '../../../../support/routing-scene.js'

const NOBODY = { handle: 0, generation: 0 }

describe('a message to many', () => {
  let scene: RoutingScene

  beforeEach(() => {
    scene = new RoutingScene()
    const offers = [scene.alsoHere, scene.there].map(({ handle, generation }) => ['sell', handle, generation, 1e10] as const)
    scene.capabilities.apply({ removed: [], added: offers })
  })

  const sendAll = (more: object = {}) =>
    scene.send(scene.here, { to: NOBODY, fields: { toCapability: 'all:sell', protocol: 'fipa-request' }, content: 'x', ...more })

  it('reaches each of them in one conversation, which its sender learns', () => {
    const { result, frame } = sendAll()
    expect(result).to.equal(HOST_RESULTS.ok)
    const [local] = scene.local.received
    const remote = scene.takeFromRing()
    expect([local?.receiver, remote?.receiver]).to.deep.equal([scene.alsoHere, scene.there])
    expect([local?.sender, remote?.sender]).to.deep.equal([scene.here, scene.here])
    expect([local?.conversation, remote?.conversation]).to.deep.equal([frame.conversation, frame.conversation])
    expect(frame.conversation).not.to.equal(0n)
    expect(local?.counter).not.to.equal(remote?.counter)
    expect(scene.conversations.table.size).to.equal(1)
  })

  it('has a branch for each, so that the conversation goes on until all have ended', () => {
    const { frame: { conversation } } = sendAll()
    scene.arrive(scene.there, { conversation, fields: { protocol: 'fipa-request' } })
    expect(scene.conversations.table.size).to.equal(1)
    scene.send(scene.alsoHere, { to: scene.here, act: 'inform', conversation })
    expect(scene.conversations.table.size).to.equal(0)
  })

  it('comes back as a failure from him who could not be reached, and the others keep their branches', () => {
    scene.local.refuses = [scene.alsoHere.handle]
    const { result, frame: { conversation } } = sendAll()
    expect(result).to.equal(HOST_RESULTS.ok)
    const [failure] = scene.local.received
    expect(failure).to.deep.include({ act: 'failure', receiver: scene.here, sender: scene.alsoHere, conversation })
    expect(failure === undefined ? {} : contentOf(failure)).to.include({ code: 'MAILBOX_FULL' })
    expect(scene.observer.letters.map(({ reason }) => reason)).to.deep.equal(['MAILBOX_FULL'])
    scene.arrive(scene.there, { conversation, fields: { protocol: 'fipa-request' } })
    expect(scene.local.received.at(-1)).to.include({ act: 'inform' })
    expect(scene.conversations.table.size).to.equal(0)
  })

  it('is refused once, and reaches nobody, when its protocol does not begin with its act', () => {
    expect(sendAll({ act: 'agree' }).result).to.equal(HOST_RESULTS.malformed)
    expect(scene.local.received.map(({ act }) => act)).to.deep.equal(['not-understood'])
    expect(scene.takeFromRing()).to.equal(undefined)
    expect(scene.conversations.table.size).to.equal(0)
  })

  it('belongs to no conversation without a protocol', () => {
    const { result, frame } = sendAll({ fields: { toCapability: 'all:sell' } })
    expect([result, frame.conversation]).to.deep.equal([HOST_RESULTS.ok, 0n])
    expect([scene.local.received[0]?.content, scene.takeFromRing()?.content]).to.deep.equal([Buffer.from('x'), Buffer.from('x')])
  })

  it('opens no conversation beyond the limit', () => {
    scene = new RoutingScene({ all: 0 })
    scene.capabilities.apply({ removed: [], added: [['sell', scene.alsoHere.handle, 9, 1e10]] })
    expect(sendAll().result).to.equal(HOST_RESULTS.quota)
    expect(scene.local.received).to.deep.equal([])
  })

  it('reaches the subscribers of a topic, whatever thread they live in', () => {
    scene.topics.apply({ removed: [], added: [['news.#', scene.here.handle, 9], ['news.sport', scene.there.handle, 9]] })
    const { result } = scene.send(scene.here, { to: NOBODY, act: 'inform', fields: { toTopic: 'news.sport' } })
    expect(result).to.equal(HOST_RESULTS.ok)
    expect(scene.local.received.map(({ receiver }) => receiver)).to.deep.equal([scene.here])
    expect(scene.takeFromRing()?.receiver).to.deep.equal(scene.there)
  })
})
