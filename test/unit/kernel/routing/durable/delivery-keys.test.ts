import { expect } from 'chai'
import { DELIVERY_KEYS } from '../../../../../kernel/routing/durable/delivery-keys.js'
import type { Address } from '../../../../../kernel/routing/frames/frame.js'
import { DurableScene, textIn } from '../../../../support/durable-scene.js'

const MINUTE = 60_000

describe('messages with a delivery key', () => {
  let scene: DurableScene
  let agent: Address

  beforeEach(async () => {
    scene = await DurableScene.open()
    agent = scene.agent('agent')
  })
  afterEach(() => scene.delivery.stop())

  const accept = (text: string, deliveryKey: string, more: { to?: Address, from?: Address, conversation?: bigint } = {}) =>
    scene.acceptance.accept(scene.frame(more.to ?? agent, text, { deliveryKey, ...more }))
  /** Lets everything that was handed over be handled. */
  const handleAll = (): string[] => {
    const texts: string[] = []
    for (let frames = scene.takeFrames(); frames.length > 0; frames = scene.takeFrames()) {
      for (const frame of frames) {
        texts.push(textIn(frame))
        scene.settle(frame)
      }
    }
    return texts
  }

  it('are delivered once for each key, sender and receiver', async () => {
    const [other, sender] = [scene.agent('other'), scene.agent('sender')]
    expect(await accept('one', 'k')).to.equal(undefined)
    expect(await accept('again', 'k')).to.equal('MESSAGE_DUPLICATE')
    for (const [key, more] of [['l', {}], ['k', { to: other }], ['k', { from: sender }], ['', {}], ['', {}]] as const) {
      expect(await accept('another', key, more), key).to.equal(undefined)
    }
    expect(handleAll()).to.deep.equal(['one', ...Array.from({ length: 5 }, () => 'another')])
    expect(scene.acceptance.duplicates).to.equal(1)
    expect(await accept('after it was handled', 'k')).to.equal('MESSAGE_DUPLICATE')
  })

  it('tell who repeats one in which conversation the first one was', async () => {
    await accept('one', 'k', { conversation: 7n })
    await accept('again', 'k', { conversation: 8n })
    expect(scene.duplicates).to.deep.equal(['again of 7'])
    expect(scene.givenUp).to.deep.equal([])
  })

  it('are known over a restart, in the commit that keeps the message', async () => {
    await accept('one', 'k', { conversation: 7n })
    expect(scene.moody.commits.at(-1)?.map(change => 'put' in change ? change.put : '')).to.deep.equal(['inbox', DELIVERY_KEYS])
    const again = await DurableScene.open(scene.moody)
    const frame = again.frame(again.agent('agent', false), 'again', { deliveryKey: 'k' })
    expect(await again.acceptance.accept(frame)).to.equal('MESSAGE_DUPLICATE')
    expect(again.duplicates).to.have.length(1)
    again.delivery.stop()
  })

  it('come again when the first could not be kept, also while that is not clear yet', async () => {
    scene.moody.hold()
    scene.moody.failsOnce = true
    const first = accept('one', 'k')
    const second = accept('two', 'k')
    await scene.rest()
    scene.moody.goOn()
    expect(await first).to.equal('MESSAGE_NOT_KEPT')
    expect(await second).to.equal(undefined)
    expect(await accept('three', 'k')).to.equal('MESSAGE_DUPLICATE')
    expect(handleAll()).to.deep.equal(['two'])
  })

  it('wait for the first to be kept before they say so', async () => {
    scene.moody.hold()
    void accept('one', 'k')
    let outcome: unknown = 'open'
    void accept('two', 'k').then(reason => { outcome = reason })
    await scene.rest()
    expect(outcome).to.equal('open')
    scene.moody.goOn()
    await scene.rest()
    expect(outcome).to.equal('MESSAGE_DUPLICATE')
  })

  it('may come again when the first was given up, or its receiver removed', async () => {
    await accept('one', 'k')
    scene.settle(scene.takeFrames()[0], 'MESSAGE_TOO_LARGE')
    await scene.rest()
    expect([scene.givenUp.length, await scene.keptKeys(DELIVERY_KEYS)]).to.deep.equal([1, []])
    expect(await accept('two', 'k')).to.equal(undefined)
    await scene.delivery.abandon('agent')
    scene.delivery.abandoned('agent')
    expect(await accept('three', 'k')).to.equal(undefined)
  })

  it('are forgotten after their time, in the store too', async () => {
    await accept('one', 'k')
    await scene.clock.pass(MINUTE - 1)
    expect(await accept('two', 'k')).to.equal('MESSAGE_DUPLICATE')
    await scene.clock.pass(1)
    expect(await accept('three', 'l')).to.equal(undefined)
    expect(await scene.keptKeys(DELIVERY_KEYS)).to.have.length(1)
    expect(await accept('four', 'k')).to.equal(undefined)
  })

  it('are forgotten when there are too many, the oldest first', async () => {
    for (const key of ['1', '2', '3', '4', '5', '6', '7']) await accept('one', key)
    expect(await scene.keptKeys(DELIVERY_KEYS)).to.have.length(5)
    expect(await accept('again', '3')).to.equal('MESSAGE_DUPLICATE')
    expect(await accept('again', '2')).to.equal(undefined)
  })

  it('are delivered once also when they belong to work that is done again', async () => {
    const other = scene.agent('other')
    await scene.accept(scene.frame(agent, 'in', { delivery: 'exactly-once' }))
    const [frame] = scene.takeFrames()
    const out = (text: string): Uint8Array => scene.frame(other, text, { from: agent, deliveryKey: 'k' })
    const work = scene.work(agent, frame === undefined ? [] : [frame], { frames: [out('one'), out('two')] })
    scene.moody.failsOnce = true
    expect(await scene.commit(work)).to.equal(false)
    await scene.pass(20)
    expect(await scene.commit({ ...work, numbers: scene.work(agent, scene.takeFrames()).numbers })).to.equal(true)
    await scene.rest()
    expect(handleAll()).to.deep.equal(['one'])
    expect([scene.acceptance.duplicates, scene.delivery.waiting]).to.deep.equal([1, 0])
  })
})
