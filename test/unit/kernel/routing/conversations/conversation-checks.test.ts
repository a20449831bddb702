import { expect } from 'chai'
import { FRAME_FLAGS, HOST_RESULTS } from '../../../../../kernel/contract/index.js'
import { UNDELIVERABLE } from '../../../../../kernel/routing/undeliverable.js'
import { contentOf, RoutingScene } from '../../../../support/routing-scene.js'

const PROTOCOL = { protocol: 'fipa-request' }

describe('conversations in the post', () => {
  let scene: RoutingScene
  /** Opens a request from the agent `here`. */
  const open = (to = scene.there, deadline = 0): bigint => {
    const { result, frame } = scene.send(scene.here, { to, fields: PROTOCOL, deadline })
    expect(result).to.equal(HOST_RESULTS.ok)
    return frame.conversation
  }

  beforeEach(() => { scene = new RoutingScene() })

  it('begin with the initiator\'s first message, which carries their id', () => {
    const id = open()
    expect(scene.takeFromRing()?.conversation).to.equal(id)
    const { table } = scene.conversations
    expect(table.findId(id)?.initiator).to.equal(scene.here.handle)
  })

  it('have one priority, that of their first message, so that none of theirs overtakes another', () => {
    const { frame: { conversation } } = scene.send(scene.here, { to: scene.there, fields: PROTOCOL, priority: 3 })
    expect(scene.takeFromRing()?.priority).to.equal(3)
    scene.arrive(scene.there, { act: 'agree', conversation, priority: 0 })
    scene.send(scene.here, { to: scene.there, act: 'inform', priority: 0 })
    expect(scene.takeFromRing()?.priority, 'without a conversation').to.equal(0)
    scene.arrive(scene.there, { act: 'inform', conversation })
    scene.arrive(scene.there, { act: 'inform', priority: 2 })
    expect(scene.local.received.map(({ priority }) => priority)).to.deep.equal([3, 3, 2])
  })

  it('let legal answers pass, and end with the last', () => {
    const conversation = open()
    scene.arrive(scene.there, { act: 'agree', conversation })
    scene.arrive(scene.there, { act: 'inform', conversation })
    expect(scene.local.received.map(({ act }) => act)).to.deep.equal(['agree', 'inform'])
    expect(scene.conversations.table.size).to.equal(0)
  })

  it('keep an illegal act from the initiator and tell its speaker, who may go on', () => {
    const conversation = open()
    scene.takeFromRing()
    scene.observer.watching = true
    scene.arrive(scene.there, { act: 'propose', conversation })
    expect(scene.local.received).to.have.length(0)
    expect(scene.observer.watched).to.deep.equal([UNDELIVERABLE.indexOf('CONVERSATION_UNKNOWN')])
    const answer = scene.takeFromRing()
    expect(answer).to.deep.include({ act: 'not-understood', receiver: scene.there, sender: scene.here, conversation: 0n })
    expect(contentOf(answer ?? { content: new Uint8Array(0) })).to.include({ code: 'ACT_NOT_LEGAL', state: 'requested' })
    expect(scene.observer.letters.map(({ reason }) => reason)).to.deep.equal(['CONVERSATION_UNKNOWN'])
    scene.arrive(scene.there, { act: 'inform', conversation })
    expect(scene.local.received.map(({ act }) => act)).to.deep.equal(['inform'])
  })

  it('tell a local speaker of an illegal act at once, and by a message', () => {
    expect(scene.send(scene.here, { act: 'agree', fields: PROTOCOL }).result).to.equal(HOST_RESULTS.malformed)
    expect(scene.local.received[0]).to.deep.include({ act: 'not-understood', receiver: scene.here, sender: scene.alsoHere })
    expect(scene.conversations.table.size).to.equal(0)
  })

  it('do not begin with a protocol that nobody knows', () => {
    expect(scene.send(scene.here, { fields: { protocol: 'fipa-requesu' } }).result).to.equal(HOST_RESULTS.malformed)
    expect(scene.send(scene.here, { fields: { protocol: 'fipa-reques' } }).result).to.equal(HOST_RESULTS.malformed)
  })

  it('check both ends when both live in the same thread', () => {
    const conversation = open(scene.alsoHere)
    expect(scene.send(scene.alsoHere, { to: scene.here, act: 'cfp', conversation }).result).to.equal(HOST_RESULTS.malformed)
    expect(scene.send(scene.alsoHere, { to: scene.here, act: 'inform', conversation }).result).to.equal(HOST_RESULTS.ok)
    expect(scene.conversations.table.size).to.equal(0)
  })

  it('let an agent be both ends of its own', () => {
    const conversation = open(scene.here)
    expect(scene.send(scene.here, { to: scene.here, act: 'inform', conversation }).result).to.equal(HOST_RESULTS.ok)
    expect(scene.conversations.table.size).to.equal(0)
  })

  it('are closed to agents that are neither end', () => {
    const conversation = open(scene.there)
    expect(scene.send(scene.alsoHere, { to: scene.there, act: 'inform', conversation }).result).to.equal(HOST_RESULTS.malformed)
    scene.arrive(scene.there, { to: scene.alsoHere, act: 'inform', conversation })
    expect(scene.local.received.map(({ act }) => act)).to.deep.equal(['not-understood'])
  })

  it('are left to their home when that is another thread', () => {
    expect(scene.send(scene.here, { act: 'propose', conversation: 0x0200000000000001n }).result).to.equal(HOST_RESULTS.ok)
  })

  it('take no step when the message could not be queued', () => {
    const conversation = open(scene.alsoHere)
    scene.local.refusal = 'MAILBOX_FULL'
    expect(scene.send(scene.alsoHere, { to: scene.here, act: 'inform', conversation }).result).to.equal(HOST_RESULTS.full)
    scene.local.refusal = undefined
    expect(scene.send(scene.alsoHere, { to: scene.here, act: 'inform', conversation }).result).to.equal(HOST_RESULTS.ok)
  })

  it('take no step when an answer from another thread could not be queued, so that it can be given again', () => {
    const conversation = open()
    scene.takeFromRing()
    scene.local.refusal = 'MAILBOX_FULL'
    scene.arrive(scene.there, { act: 'inform', conversation })
    expect(scene.takeFromRing()).to.deep.include({ act: 'failure', receiver: scene.there, conversation })
    scene.local.refusal = undefined
    scene.arrive(scene.there, { act: 'inform', conversation })
    expect(scene.local.received.map(({ act }) => act)).to.deep.equal(['inform'])
    expect(scene.conversations.table.size).to.equal(0)
  })

  it('take the step of a failure by the platform also when it could not be queued', () => {
    const conversation = open()
    scene.local.refusal = 'MAILBOX_FULL'
    scene.arrive(scene.there, { act: 'failure', conversation, flags: FRAME_FLAGS.platform })
    expect(scene.conversations.table.size).to.equal(0)
  })

  it('fail when the participant\'s failure comes back', () => {
    const conversation = open()
    scene.arrive(scene.there, { act: 'failure', conversation, flags: FRAME_FLAGS.platform })
    expect(scene.local.received.map(({ act }) => act)).to.deep.equal(['failure'])
    expect(scene.conversations.table.size).to.equal(0)
  })

  it('let a failure of the platform pass even when they are over', () => {
    scene.arrive(scene.there, { act: 'failure', conversation: 0x0100000500000042n, flags: FRAME_FLAGS.platform })
    expect(scene.local.received).to.have.length(1)
  })

  it('tell the initiator in the participant\'s name when no answer came by reply-by', () => {
    const conversation = open(scene.there, scene.now + 500)
    scene.now += 499
    scene.post.expire()
    expect(scene.local.received).to.have.length(0)
    scene.now = scene.post.due
    scene.post.expire()
    expect(scene.local.received[0]).to.deep.include({ act: 'failure', sender: scene.there, receiver: scene.here, conversation })
    expect(contentOf(scene.local.received[0] ?? { content: new Uint8Array(0) })).to.include({ code: 'DEADLINE_PASSED' })
    expect(scene.local.received[0]?.fields.protocol).to.equal('fipa-request')
  })

  it('are refused with a quota, not called illegal, when there are too many', () => {
    scene = new RoutingScene({ all: 1, ofOne: 1 })
    open()
    expect(scene.send(scene.here, { to: scene.there, fields: PROTOCOL }).result).to.equal(HOST_RESULTS.quota)
    expect(scene.local.received).to.have.length(0)
  })

  it('end with the agent that opened them', () => {
    open()
    scene.post.forget(scene.here.handle)
    expect(scene.conversations.table.size).to.equal(0)
  })

  it('tell the participants that still have to answer when the agent is gone that opened them', () => {
    const conversation = open()
    const finished = open()
    scene.arrive(scene.there, { act: 'inform', conversation: finished })
    for (let count = 0; count < 2; count++) scene.takeFromRing()
    scene.post.forget(scene.here.handle)
    const told = scene.takeFromRing()
    expect(told).to.deep.include({ act: 'failure', sender: scene.here, receiver: scene.there, conversation })
    expect(contentOf(told ?? { content: new Uint8Array(0) })).to.include({ code: 'INITIATOR_GONE' })
    expect(scene.takeFromRing()).to.equal(undefined)
  })
})
