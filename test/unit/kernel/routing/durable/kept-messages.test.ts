import { expect } from 'chai'
import { encodeKept, keptKey } from '../../../../../kernel/routing/durable/kept-message.js'
import { INBOX, KeptMessages } from '../../../../../kernel/routing/durable/kept-messages.js'
import { DurableScene, textIn } from '../../../../support/durable-scene.js'

describe('the kept messages of a store', () => {
  let scene: DurableScene
  beforeEach(async () => { scene = await DurableScene.open() })

  const keep = async (receiver: string, ...texts: readonly string[]): Promise<void> => {
    for (const text of texts) {
      const frame = scene.frame({ handle: 2, generation: 1 }, text)
      await scene.store.commit([scene.kept.keeping(receiver, { sender: 'a', attempts: 0, frame }).change])
    }
  }

  it('are read in order, page by page, each receiver for itself', async () => {
    for (const name of ['a.b', 'a', 'a-b', 'a0']) await keep(name, `${name} 1`, `${name} 2`, `${name} 3`)
    const first = await scene.kept.load('a', undefined, 2)
    expect(first.map(({ frame }) => textIn(frame))).to.deep.equal(['a 1', 'a 2'])
    const second = await scene.kept.load('a', first[1]?.key, 2)
    expect(second.map(({ frame }) => textIn(frame))).to.deep.equal(['a 3'])
    expect([...first, ...second].every(({ redelivered }) => redelivered)).to.equal(true)
  })

  it('fill a page although some of them can\'t be read', async () => {
    await keep('a', 'one')
    const bytes = [new Uint8Array(0), Uint8Array.of(9), encodeKept({ sender: 'a', attempts: 0, frame: new Uint8Array(5) })]
    await scene.store.commit(bytes.map((value, index) => ({ put: INBOX, key: `${keptKey('a', 1)}${index}`, value })))
    await keep('a', 'two')
    expect((await scene.kept.load('a', undefined, 2)).map(({ frame }) => textIn(frame))).to.deep.equal(['one', 'two'])
  })

  it('tell their receivers after a restart, and new ones stand behind them', async () => {
    for (const name of ['a.b', 'a', 'a-b', 'a0', 'z']) await keep(name, 'one', 'two')
    const again = new KeptMessages(scene.store)
    expect((await again.receivers()).sort()).to.deep.equal(['a', 'a-b', 'a.b', 'a0', 'z'])
    const { held } = again.keeping('a', { sender: 'a', attempts: 0, frame: scene.frame({ handle: 2, generation: 1 }, 'three') })
    expect(held.key).to.equal(keptKey('a', 11))
  })
})
