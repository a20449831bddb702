import { expect } from 'chai'
import type { Change } from '../../../../../kernel/contract/index.js'
import { KEPT_CONVERSATIONS } from '../../../../../kernel/routing/conversations/conversation-keeper.js'
import type { ConversationPicture } from '../../../../../kernel/routing/conversations/conversation-picture.js'
import { INBOX } from '../../../../../kernel/routing/durable/kept-messages.js'
import { keptTimers, TIMERS } from '../../../../../kernel/routing/durable/durable-works.js'
import type { Address } from '../../../../../kernel/routing/frames/frame.js'
import { DurableScene, STATES, textIn } from '../../../../support/durable-scene.js'

const conversationOf = (initiator: Address, { handle: participant }: Address): ConversationPicture => ({
  id: 7n, protocol: 'fipa-request', initiator: initiator.handle, priority: 1, opened: 1, active: 1, end: undefined, participants: 1,
  branches: [{ participant, state: 'requested', isOver: false, due: 0 }], transcript: [],
})

describe('the work of agents on exactly-once messages', () => {
  let scene: DurableScene
  let agent: Address
  let other: Address

  beforeEach(async () => {
    scene = await DurableScene.open()
    agent = scene.agent('agent')
    other = scene.agent('other')
  })
  afterEach(() => scene.delivery.stop())

  const sendTo = async (to: Address, text: string, conversation = 0n): Promise<Uint8Array> => {
    await scene.accept(scene.frame(to, text, { delivery: 'exactly-once', conversation }))
    const [frame] = scene.takeFrames()
    if (frame === undefined) throw new Error('nothing was sent')
    return frame
  }

  it('is one commit: the messages\' end, what was sent, timers and state', async () => {
    const frame = await sendTo(agent, 'in')
    scene.moody.commits.splice(0)
    const work = scene.work(agent, [frame], {
      frames: [scene.frame(other, 'out', { from: agent })], timers: [[7, 1_000], [8, 0]], state: Uint8Array.of(9),
      conversations: { changed: [conversationOf(agent, other)], gone: [5n] },
    })
    expect(await scene.commit(work)).to.equal(true)
    const marks = (changes: readonly Change[]): string[] =>
      changes.map(change => 'put' in change ? `+${change.put}` : `-${'delete' in change ? change.delete : ''}`)
    expect(scene.moody.commits.map(marks)).to.deep.equal([[
      `-${INBOX}`, `+${INBOX}`, `+${TIMERS}`, `-${TIMERS}`, `+${STATES}`, `+${KEPT_CONVERSATIONS}`, `-${KEPT_CONVERSATIONS}`,
    ]])
    expect([scene.take(), scene.confirmed, scene.worked]).to.deep.equal([['out'], ['accepted in', 'handled in', 'accepted out'], [work]])
    expect(scene.delivery.waiting).to.equal(1)
    expect(await keptTimers(scene.store)).to.deep.equal(new Map([['agent', new Map([[7, 1_000]])]]))
  })

  it('that could not be kept leaves the conversations to be kept as others are', async () => {
    const frame = await sendTo(agent, 'in')
    scene.moody.failsOnce = true
    const work = scene.work(agent, [frame], { conversations: { changed: [conversationOf(agent, other)], gone: [] } })
    expect(await scene.commit(work)).to.equal(false)
    await scene.conversations.flush()
    expect(await scene.keptKeys(KEPT_CONVERSATIONS)).to.deep.equal(['0000000000000007'])
  })

  it('lets nothing go before it is kept', async () => {
    const frame = await sendTo(agent, 'in')
    scene.moody.hold()
    const committed = scene.commit(scene.work(agent, [frame], { frames: [scene.frame(other, 'out', { from: agent })] }))
    await scene.rest()
    expect([scene.take(), scene.confirmed]).to.deep.equal([[], ['accepted in']])
    scene.moody.goOn()
    await committed
    await scene.rest()
    expect(scene.take()).to.deep.equal(['out'])
  })

  it('does not happen for messages that are not on their way to the agent, or of an agent that is gone', async () => {
    const mine = await sendTo(agent, 'mine', 1n)
    const others = await sendTo(other, 'other\'s', 2n)
    scene.moody.commits.splice(0)
    expect(await scene.commit(scene.work(agent, [mine, others]))).to.equal(false)
    await scene.pass(20)
    expect(scene.take(), 'only its own come again').to.deep.equal(['mine'])
    expect(await scene.commit(scene.work({ ...agent, generation: agent.generation + 1 }, []))).to.equal(false)
    expect(await scene.commit(scene.work({ handle: 99, generation: 1 }, []))).to.equal(false)
    expect(scene.moody.commits).to.deep.equal([])
  })

  it('that can\'t be kept leaves no trace, and its messages come again', async () => {
    const frame = await sendTo(agent, 'in')
    scene.moody.fails = true
    const work = scene.work(agent, [frame], { frames: [scene.frame(other, 'out', { from: agent })], state: Uint8Array.of(9) })
    expect(await scene.commit(work)).to.equal(false)
    scene.moody.fails = false
    await scene.pass(20)
    expect([scene.take(), scene.worked, await scene.keptKeys(STATES)]).to.deep.equal([['in'], [], []])
    expect(scene.delivery.waiting).to.equal(1)
  })

  it('gives up what it sent to somebody who is gone, and is kept nevertheless', async () => {
    const frame = await sendTo(agent, 'in')
    expect(await scene.commit(scene.work(agent, [frame], { frames: [scene.frame({ handle: 99, generation: 1 }, 'out')] }))).to.equal(true)
    expect(scene.givenUp).to.deep.equal([['out', 'AGENT_NOT_FOUND']])
    expect(await scene.keptKeys()).to.deep.equal([])
  })

  for (const [what, fails, comesAgain] of [['kept', false, []], ['not kept', true, ['in']]] as const) {
    it(`that is ${what} after its thread was lost is ${fails ? 'done again' : 'not done twice'}`, async () => {
      const frame = await sendTo(agent, 'in')
      scene.drain()
      scene.moody.hold()
      const committed = scene.commit(scene.work(agent, [frame]))
      await scene.rest()
      scene.loseShard()
      await scene.pass(100)
      expect(scene.take(), 'not before it is known').to.deep.equal([])
      scene.moody.fails = fails
      scene.moody.goOn()
      await committed
      await scene.pass(20)
      scene.moody.fails = false
      expect(scene.takeFrames().map(textIn)).to.deep.equal(comesAgain)
      expect(scene.delivery.waiting).to.equal(comesAgain.length)
    })
  }
})
