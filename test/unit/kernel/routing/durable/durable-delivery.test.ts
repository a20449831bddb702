import { expect } from 'chai'
import { FRAME, FRAME_FLAGS } from '../../../../../kernel/contract/index.js'
import { INBOX } from '../../../../../kernel/routing/durable/kept-messages.js'
import { CONDITION } from '../../../../../kernel/routing/directory/route-table.js'
import type { Address } from '../../../../../kernel/routing/frames/frame.js'
import { DurableScene, numberOf, textIn } from '../../../../support/durable-scene.js'

const isRedelivered = (frame: Uint8Array | undefined): boolean => ((frame?.[FRAME.flags] ?? 0) & FRAME_FLAGS.redelivered) !== 0

describe('durable delivery', () => {
  let scene: DurableScene
  let agent: Address

  beforeEach(async () => {
    scene = await DurableScene.open()
    agent = scene.agent('agent')
  })
  afterEach(() => {
    scene.delivery.stop()
    expect(scene.clock.pending).to.equal(0)
  })

  /** Hands in, each in a conversation of its own unless told otherwise. */
  const accept = async (texts: readonly string[], conversation?: bigint): Promise<void> => {
    for (const [index, text] of texts.entries()) {
      void scene.acceptance.accept(scene.frame(agent, text, { conversation: conversation ?? BigInt(index + 1) }))
    }
    await scene.rest()
  }

  it('keeps a message before it goes, hands it over, and forgets it when it was handled', async () => {
    scene.moody.hold()
    const accepted = scene.acceptance.accept(scene.frame(agent, 'one'))
    await scene.rest()
    expect([scene.take(), scene.confirmed], 'nothing goes, or is accepted, that is not kept').to.deep.equal([[], []])
    scene.moody.goOn()
    expect(await accepted).to.equal(undefined)
    const [frame] = scene.takeFrames()
    expect(scene.confirmed).to.deep.equal(['accepted one'])
    expect([await scene.keptKeys(), scene.delivery.waiting]).to.deep.equal([['agent/0000000000001'], 1])
    expect(isRedelivered(frame)).to.equal(false)
    scene.settle(frame)
    await scene.rest()
    expect([await scene.keptKeys(), scene.delivery.waiting, scene.confirmed]).to.deep.equal([[], 0, ['accepted one', 'handled one']])
  })

  it('gives a message back that could not be kept, and one for nobody', async () => {
    scene.moody.fails = true
    expect(await scene.acceptance.accept(scene.frame(agent, 'one'))).to.equal('MESSAGE_NOT_KEPT')
    expect(await scene.acceptance.accept(scene.frame({ handle: 99, generation: 1 }, 'two'))).to.equal('AGENT_NOT_FOUND')
    expect(scene.givenUp).to.deep.equal([['one', 'MESSAGE_NOT_KEPT'], ['two', 'AGENT_NOT_FOUND']])
    expect(scene.delivery.waiting).to.equal(0)
  })

  it('waits for an agent that does not run, and for one that is stopped meanwhile', async () => {
    scene.directory.setCondition(agent.handle, CONDITION.stopped)
    await accept(['one', 'two'])
    await scene.pass(10_000)
    expect(scene.take()).to.deep.equal([])
    scene.agent('agent')
    const frames = scene.takeFrames()
    expect(frames.map(textIn)).to.deep.equal(['one', 'two'])
    scene.directory.setCondition(agent.handle, CONDITION.stopped)
    for (const frame of frames) scene.settle(frame, 'AGENT_NOT_RUNNING')
    await scene.pass(10_000)
    expect([scene.take(), scene.givenUp, scene.delivery.retried]).to.deep.equal([[], [], 0])
    scene.agent('agent')
    expect(scene.take()).to.deep.equal(['one', 'two'])
  })

  it('tries again later and later, with a jitter, and then gives up', async () => {
    await accept(['one'])
    for (const [least, most] of [[75, 125], [150, 250]] as const) {
      scene.settle(scene.takeFrames()[0], 'AGENT_TRAPPED')
      await scene.pass(least - 1)
      expect(scene.take()).to.deep.equal([])
      await scene.pass(most - least + 1)
      expect(scene.sent.map(isRedelivered)).to.deep.equal([true])
    }
    expect(scene.delivery.retried).to.equal(2)
    scene.settle(scene.takeFrames()[0], 'AGENT_TRAPPED')
    await scene.pass(10_000)
    expect(scene.givenUp).to.deep.equal([['one', 'AGENT_TRAPPED']])
    expect([await scene.keptKeys(), scene.delivery.waiting, scene.take()]).to.deep.equal([[], 0, []])
  })

  it('gives up at once where another try would change nothing', async () => {
    await accept(['one'])
    scene.settle(scene.takeFrames()[0], 'MESSAGE_TOO_LARGE')
    expect(scene.givenUp).to.deep.equal([['one', 'MESSAGE_TOO_LARGE']])
  })

  it('holds up a retry\'s own flow, and no other', async () => {
    await accept(['one', 'two'], 7n)
    await accept(['other'], 8n)
    const frames = scene.takeFrames()
    expect(frames.map(textIn), 'one of a flow at a time').to.deep.equal(['one', 'other'])
    scene.settle(frames[0], 'AGENT_TRAPPED')
    scene.settle(frames[1])
    await accept(['another'], 8n)
    expect(scene.take()).to.deep.equal(['another'])
    await scene.pass(130)
    const [again] = scene.takeFrames()
    expect(again && textIn(again)).to.equal('one')
    scene.settle(again)
    expect(scene.take()).to.deep.equal(['two'])
  })

  it('lets an exactly-once message that failed go alone', async () => {
    for (const [conversation, text] of [[1n, 'bad'], [2n, 'good']] as const) {
      await scene.accept(scene.frame(agent, text, { delivery: 'exactly-once', conversation }))
    }
    const [bad, good] = scene.takeFrames()
    scene.settle(bad, 'AGENT_TRAPPED')
    await scene.pass(130)
    expect(scene.take(), 'not beside others').to.deep.equal([])
    scene.settle(good)
    const [again] = scene.takeFrames()
    expect(again && textIn(again)).to.equal('bad')
    await scene.accept(scene.frame(agent, 'next', { delivery: 'exactly-once', conversation: 3n }))
    expect(scene.take(), 'and no others beside it').to.deep.equal([])
    scene.settle(again)
    expect(scene.take()).to.deep.equal(['next'])
  })

  it('has no more than 64 on their way to one agent, and goes on with each that is settled', async () => {
    await accept(Array.from({ length: 70 }, (_, index) => `${index}`))
    const frames = scene.takeFrames()
    expect(frames).to.have.length(64)
    scene.settle(frames[5])
    expect(scene.take()).to.deep.equal(['64'])
  })

  it('tries soon again when there is no way to the agent', async () => {
    scene.refusal = 'SHARD_BUSY'
    await accept(['one', 'two'])
    scene.refusal = undefined
    await scene.pass(20)
    expect(scene.take().sort()).to.deep.equal(['one', 'two'])
    expect(scene.delivery.retried).to.equal(0)
  })

  it('brings back what a lost thread had taken, marked, and leaves what still waits in its ring', async () => {
    await accept(['taken'], 1n)
    scene.drain()
    await accept(['waits'], 2n)
    const [, waits] = scene.takeFrames()
    scene.loseShard()
    await scene.pass(20)
    const again = scene.takeFrames()
    expect(again.map(frame => [textIn(frame), isRedelivered(frame)])).to.deep.equal([['taken', true]])
    scene.settle(waits)
    scene.settle(again[0])
    expect(scene.delivery.waiting).to.equal(0)
  })

  it('gives back what is kept for an agent that is removed, also what nobody has looked at', async () => {
    await accept(Array.from({ length: 130 }, (_, index) => `${index}`))
    const frames = scene.takeFrames()
    await scene.delivery.abandon('agent')
    expect(scene.givenUp.map(([text]) => text).sort()).to.deep.equal(Array.from({ length: 130 }, (_, index) => `${index}`).sort())
    expect([await scene.keptKeys(), scene.delivery.waiting]).to.deep.equal([[], 0])
    for (const frame of frames) scene.settle(frame)
    expect(scene.delivery.waiting, 'what was on its way counts no more').to.equal(0)
  })

  it('takes nothing more for an agent that is being removed, and leaves nothing behind that nobody can read', async () => {
    scene.moody.hold()
    const late = scene.acceptance.accept(scene.frame(agent, 'late'))
    const removed = scene.delivery.abandon('agent')
    expect(await scene.acceptance.accept(scene.frame(agent, 'too late'))).to.equal('AGENT_NOT_FOUND')
    scene.moody.goOn()
    expect(await late).to.equal(undefined)
    await removed
    expect(scene.givenUp).to.deep.equal([['too late', 'AGENT_NOT_FOUND'], ['late', 'AGENT_NOT_FOUND']])
    scene.directory.remove('agent')
    scene.delivery.abandoned('agent')
    await scene.store.commit([{ put: INBOX, key: 'agent/0000000000009', value: Uint8Array.of(9) }])
    const again = await DurableScene.open(scene.moody)
    again.agent('agent')
    await again.rest()
    await again.delivery.abandon('agent')
    expect([await again.keptKeys(), again.delivery.waiting]).to.deep.equal([[], 0])
    expect(await again.acceptance.accept(again.frame(again.agent('agent'), 'still'))).to.equal('AGENT_NOT_FOUND')
    again.delivery.abandoned('agent')
    expect(await again.acceptance.accept(again.frame(again.agent('agent'), 'new'))).to.equal(undefined)
    again.delivery.stop()
  })

  it('goes on after a restart with what is kept, marked, and what is new stands behind it', async () => {
    scene.directory.setCondition(agent.handle, CONDITION.stopped)
    await accept(['one', 'two'], 5n)
    const again = await DurableScene.open(scene.moody)
    agent = again.agent('agent', false)
    expect(again.delivery.waiting).to.equal(2)
    await again.accept(again.frame(agent, 'three', { conversation: 5n }))
    again.agent('agent')
    const order: Array<readonly [string, boolean]> = []
    for (let count = 0; count < 3; count++) {
      await again.rest()
      const [frame] = again.takeFrames()
      if (frame !== undefined) order.push([textIn(frame), isRedelivered(frame)])
      again.settle(frame)
    }
    expect(order.map(([text]) => text)).to.deep.equal(['one', 'two', 'three'])
    expect(order.slice(0, 2).every(([, isAgain]) => isAgain)).to.equal(true)
    await again.rest()
    expect(await again.keptKeys()).to.deep.equal([])
    again.delivery.stop()
  })

  it('numbers what is on its way anew each time, and takes no number twice', async () => {
    await accept(['one'])
    const [frame] = scene.takeFrames()
    scene.settle(frame, 'AGENT_RESTARTED')
    scene.settle(frame)
    expect(scene.delivery.waiting, 'the number was settled before').to.equal(1)
    await scene.pass(20)
    expect(numberOf(scene.sent[0])).to.be.greaterThan(numberOf(frame))
  })

  it('sends nothing any more once it is stopped', async () => {
    scene.delivery.stop()
    await accept(['one'])
    expect([scene.take(), await scene.keptKeys()]).to.deep.equal([[], ['agent/0000000000001']])
  })

  it('brings ten thousand messages of one sender to an agent in order', async () => {
    const count = 10_000
    scene.directory.setCondition(agent.handle, CONDITION.stopped)
    for (let index = 0; index < count; index++) void scene.acceptance.accept(scene.frame(agent, `${index}`))
    await scene.journal.flush()
    scene.agent('agent')
    for (let next = 0; next < count;) {
      const frames = scene.takeFrames()
      if (frames.length === 0) await scene.rest()
      for (const frame of frames) {
        if (textIn(frame) !== `${next}`) expect(textIn(frame)).to.equal(`${next}`)
        next += 1
        scene.drain()
        scene.settle(frame)
      }
    }
    await scene.journal.flush()
    expect([scene.delivery.waiting, await scene.keptKeys()]).to.deep.equal([0, []])
  }).timeout(10_000)
})
