import { expect } from 'chai'
import { FRAME, FRAME_FLAGS } from '../../../../../kernel/contract/index.js'
import type { Address } from '../../../../../kernel/routing/frames/frame.js'
import { DurableScene } from '../../../../support/durable-scene.js'

describe('durable messages from other nodes', () => {
  let scene: DurableScene
  let agent: Address
  let outcomes: number[]

  beforeEach(async () => {
    scene = await DurableScene.open()
    agent = scene.agent('agent')
    outcomes = []
  })
  afterEach(() => scene.delivery.stop())

  /** One of a number, as it comes over a link. */
  const frame = (number: number): Uint8Array => {
    const bytes = scene.frame(agent, `message ${number}`)
    new DataView(bytes.buffer).setUint32(FRAME.messageCounter, number, true)
    bytes[FRAME.flags] = FRAME_FLAGS.receipt
    return bytes
  }
  const arrive = async (number: number): Promise<void> => {
    scene.arrivals.arrive(frame(number), 'agent', 'buyer', outcome => outcomes.push(outcome))
    await scene.rest()
  }

  it('are settled when they are handled, not when they are kept, so that their node keeps them as long', async () => {
    await arrive(1)
    const [sent] = scene.takeFrames()
    expect(outcomes).to.deep.equal([])
    scene.settle(sent)
    await scene.rest()
    expect(outcomes).to.deep.equal([-1])
  })

  it('are handed over once, however often they come, and settled each time', async () => {
    await arrive(1)
    await arrive(1)
    const sent = scene.takeFrames()
    expect(sent).to.have.length(1)
    scene.settle(sent[0])
    await scene.rest()
    expect(outcomes, 'whoever sent it last is told').to.deep.equal([-1])
    await arrive(1)
    expect([scene.take(), outcomes]).to.deep.equal([[], [-1, -2]])
    await arrive(2)
    expect(scene.take()).to.deep.equal(['message 2'])
  })

  it('are known again after this node was started anew', async () => {
    await arrive(1)
    scene.delivery.stop()
    const later = await DurableScene.open(scene.moody)
    later.agent('agent')
    later.arrivals.arrive(frame(1), 'agent', 'buyer', outcome => outcomes.push(outcome))
    await later.rest()
    expect([later.take().length <= 1, outcomes]).to.deep.equal([true, [-2]])
    later.delivery.stop()
  })

  it('say when they are given up, which is no handling', async () => {
    await arrive(1)
    scene.settle(scene.takeFrames()[0], 'MESSAGE_EXPIRED')
    await scene.rest()
    expect([outcomes, scene.givenUp]).to.deep.equal([[-2], [['message 1', 'MESSAGE_EXPIRED']]])
  })

  it('stay with their node when they can not be kept here, and leave receipts to it', async () => {
    scene.moody.fails = true
    await arrive(1)
    expect(outcomes[0]).to.be.greaterThan(0)
    scene.moody.fails = false
    await arrive(1)
    const [sent] = scene.takeFrames()
    expect((sent?.[FRAME.flags] ?? 0) & FRAME_FLAGS.receipt).to.equal(0)
  })
})
