import { expect } from 'chai'
import { DELIVERY, FRAME_FLAGS, HOST_RESULTS } from '../../../../kernel/contract/index.js'
import { AgentWork } from '../../../../kernel/lifecycle/shards/agent-work.js'
import { decodeFrame } from '../../../../kernel/routing/frames/frame.js'
import { RoutingScene, type Sending } from '../../../support/routing-scene.js'

const REQUEST = { fields: { protocol: 'fipa-request' } }

describe('what is held back until its sender\'s work is whole', () => {
  let scene: RoutingScene
  let work: AgentWork

  beforeEach(() => {
    scene = new RoutingScene()
    work = new AgentWork()
    scene.post.held.holdBack(work)
  })

  const send = (sending?: Sending): ReturnType<RoutingScene['send']> => scene.send(scene.here, sending)
  const held = (index = 0): Uint8Array => work.passing[index] ?? new Uint8Array(0)
  const open = (): number => scene.conversations.table.size

  it('goes nowhere, stamped, and what is sent afterwards goes its way', () => {
    expect(send({ content: 'held' }).result).to.equal(HOST_RESULTS.ok)
    expect(send({ to: scene.there }).result).to.equal(HOST_RESULTS.ok)
    expect([scene.local.received.length, scene.takeFromRing(), work.passing.length]).to.deep.equal([0, undefined, 2])
    expect(decodeFrame(held()).sender).to.deep.equal(scene.here)
    scene.post.held.holdBack(undefined)
    send()
    expect(scene.local.received).to.have.length(1)
  })

  it('is told apart: what is kept with the work, and what only waits for it', () => {
    scene.routes.setDelivery(scene.there.handle, DELIVERY.indexOf('exactly-once'))
    send({ to: scene.there })
    send()
    expect([work.durable.length, work.passing.length]).to.deep.equal([1, 1])
    expect(decodeFrame(work.durable[0] ?? new Uint8Array(0)).delivery).to.equal(DELIVERY.indexOf('exactly-once'))
  })

  it('begins a conversation, of which the sender learns the id, and forgets it when it did not happen', () => {
    const { frame } = send(REQUEST)
    expect([open(), decodeFrame(held()).conversation]).to.deep.equal([1, frame.conversation])
    scene.post.held.unbegin(work.begun[0] ?? 0, work.begun[1] ?? 0)
    expect(open()).to.equal(0)
  })

  it('takes its step when it is vouched for, and not before', () => {
    send(REQUEST)
    const { vouch } = scene.post.held
    expect(vouch.call(scene.post.held, held().slice(), false)).to.equal(true)
    expect(vouch.call(scene.post.held, held().slice(), false), 'a second request is illegal').to.equal(false)
    expect(scene.local.received.map(({ act }) => act), 'its sender is told').to.deep.equal(['not-understood'])
  })

  it('may take its step again when the work is done again', () => {
    send(REQUEST)
    scene.post.held.vouch(held().slice(), false)
    expect(scene.post.held.vouch(held(), true)).to.equal(true)
    expect(scene.local.received).to.deep.equal([])
    expect(decodeFrame(held()).flags & FRAME_FLAGS.checked).to.equal(FRAME_FLAGS.checked)
  })

  it('is brought to its receiver when it is released, here or in another thread', () => {
    send({ content: 'here' })
    send({ content: 'there', to: scene.there })
    scene.post.held.holdBack(undefined)
    for (const frame of work.passing) scene.post.held.release(frame)
    expect(scene.local.received.map(({ content }) => Buffer.from(content).toString())).to.deep.equal(['here'])
    expect(Buffer.from(scene.takeFromRing()?.content ?? []).toString()).to.equal('there')
  })

  it('comes back when it is released and its receiver is gone', () => {
    send({ to: scene.there })
    scene.routes.setCondition(scene.there.handle, 0)
    scene.post.held.holdBack(undefined)
    scene.post.held.release(held())
    expect(scene.observer.letters.map(({ reason }) => reason)).to.deep.equal(['AGENT_NOT_FOUND'])
  })

  it('is no more than an agent may hold', () => {
    const content = 'x'.repeat(1024 * 1024)
    let sent = 0
    while (send({ content }).result === HOST_RESULTS.ok) sent += 1
    expect(sent).to.equal(15)
    expect(work.isEnough).to.equal(true)
  })
})
