import { expect } from 'chai'
import fc from 'fast-check'
import { goodbyeOf } from '../../../../../kernel/contract/links/greeting.js'
import { recordOf } from '../../../../../kernel/contract/links/link-records.js'
import { frameOf, never, same, sendAll } from '../../../../kits/transport/subject.js'
import { LinkScene } from '../../../../support/link-scene.js'
import { SeededRandom } from '../../../../support/seeded-random.js'
import { settled } from '../../../../support/virtual-clock.js'

const LONG = process.env['CAXTON_TEST_LONG'] === '1'
const RUNS = { numRuns: LONG ? 2_000 : 40 }
const STREAMS = LONG ? 50_000 : 400
const messageOf = (outcome: unknown): string => outcome instanceof Error ? outcome.message : 'a link'

describe('Links', () => {
  it('carry frames whole and in order, however the wire cuts them up, compressed or not', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.nat(5000), { maxLength: 60 }), fc.integer({ min: 1, max: 5000 }), fc.boolean(),
      async (sizes, piece, compression) => {
        const scene = new LinkScene({ cut: () => piece, config: { compression } })
        const [fromA] = await scene.linked()
        const frames = sizes.map((size, i) => frameOf(i, size))
        const sending = sendAll(fromA, frames)
        await scene.clock.pass(0)
        await sending
        same(scene.b.events.frames.map(({ frame }) => frame), frames)
      }), RUNS)
  })

  it('write the frames of one turn together', async () => {
    const scene = new LinkScene()
    const [fromA] = await scene.linked()
    const before = scene.wireA.writes.length
    for (let i = 0; i < 100; i++) fromA.send(frameOf(i))
    await scene.clock.pass(0)
    expect(scene.wireA.writes.length - before).to.equal(1)
    expect(scene.b.events.frames.length).to.equal(100)
  })

  it('compress what is worth it when both want it', async () => {
    const scene = new LinkScene({ config: { compression: true } })
    const [fromA] = await scene.linked()
    const frame = new Uint8Array(50_000).fill(7)
    fromA.send(frame)
    await scene.clock.pass(0)
    expect(scene.wireA.writes.at(-1)?.byteLength).to.be.below(1000)
    same(scene.b.events.frames.map(each => each.frame), [frame])
    fromA.send(Uint8Array.of(1))
    await scene.clock.pass(0)
    expect(scene.wireA.writes.at(-1)).to.deep.equal(Uint8Array.of(0, 0, 0, 1, 1))
  })

  it('ask a silent peer whether it lives, and give it up when it does not answer', async () => {
    const scene = new LinkScene()
    const [fromA] = await scene.linked()
    await scene.clock.pass(60_000)
    expect(scene.a.events.closings).to.deep.equal([])
    scene.wireB.isStuck = true
    await scene.clock.pass(2 * 2000 + 3000)
    const [closing] = scene.a.events.closings
    expect(closing?.link).to.equal(fromA)
    expect(closing?.error?.message).to.equal('the link to node "node-b" ended: nothing was heard of it for 5000 ms')
    expect(scene.clock.pending).to.equal(0)
  })

  it('end without an error when a peer closes, and the frames of both sides have arrived', async () => {
    const scene = new LinkScene()
    const [fromA, fromB] = await scene.linked()
    fromA.send(frameOf(1))
    fromB.send(frameOf(2))
    const closing = fromA.close()
    await scene.clock.pass(0)
    await closing
    for (const { events } of [scene.a, scene.b]) {
      expect(events.frames.length).to.equal(1)
      expect(events.closings.map(({ error }) => error)).to.deep.equal([undefined])
    }
    expect(scene.clock.pending).to.equal(0)
  })

  it('end with an error when the wire does before a goodbye', async () => {
    const scene = new LinkScene()
    await scene.linked()
    scene.wireB.destroy('the connection was reset')
    expect(messageOf(scene.a.events.closings[0]?.error)).to.equal('the link to node "node-b" ended: the connection was reset')
  })

  it('end an orderly close that takes too long', async () => {
    const scene = new LinkScene()
    const [fromA] = await scene.linked()
    scene.wireB.isStuck = true
    let isOver = false
    void fromA.close().then(() => { isOver = true })
    await scene.clock.pass(4999)
    expect(isOver).to.equal(false)
    await scene.clock.pass(1)
    expect(isOver).to.equal(true)
    expect(scene.clock.pending).to.equal(0)
  })

  it('say on both sides why versions do not work together', async () => {
    const scene = new LinkScene({ versions: ['0.1.0', '0.3.1'] })
    expect(messageOf(await scene.dial())).to.equal('node "node-b" cannot be reached at 127.0.0.1:7947: '
      + 'it runs Caxton 0.3.1, which works with 0.2 to 0.4; this node runs 0.1.0, which works with 0.0 to 0.2')
    expect(scene.b.warnings()[0]).to.include('it runs Caxton 0.1.0, which works with 0.0 to 0.2; this node runs 0.3.1')
    expect(scene.b.events.order).to.deep.equal([])
  })

  it('tell the dialler why the other side doubts it', async () => {
    const scene = new LinkScene({ proofs: [{ doubt: () => undefined }, { doubt: ({ nodeId }) => `its certificate is not for ${nodeId}` }] })
    expect(messageOf(await scene.dial())).to.include('it refuses this node: its certificate is not for node-a')
    expect([...scene.a.events.order, ...scene.b.events.order]).to.deep.equal([])
  })

  it('do not open to another node than the one that was dialled', async () => {
    const scene = new LinkScene()
    expect(messageOf(await scene.dial('node-c'))).to.include('node "node-b" answers there')
    expect([...scene.a.events.order, ...scene.b.events.order]).to.deep.equal([])
  })

  it('give up on a peer that never greets', async () => {
    const scene = new LinkScene()
    scene.wireB.isStuck = true
    const dial = scene.dial()
    await scene.clock.pass(10_000)
    expect(messageOf(await dial)).to.include('it did not greet within 5000 ms')
    expect(scene.clock.pending).to.equal(0)
  })

  it('count what is malformed, and tell it once for each peer', async () => {
    const scene = new LinkScene()
    await scene.linked()
    scene.wireB.take(Uint8Array.of(9, 0, 0, 0))
    expect(scene.b.counted('caxton_transport_malformed_total')).to.equal(1)
    expect(scene.b.warnings()).to.deep.equal([
      'the link to node "node-a" at pair:1 was ended: it sent a record of kind 9, which is not expected. '
        + 'Its next ones are counted, and told at level debug only',
    ])
    expect(messageOf(scene.b.events.closings[0]?.error)).to.include('it sent a record of kind 9')
  })

  it('end what was packed wrongly', async () => {
    const scene = new LinkScene()
    await scene.linked()
    scene.wireB.take(recordOf(4, Uint8Array.of(1, 2, 3)))
    expect(messageOf(scene.b.events.closings[0]?.error)).to.include('a compressed batch that is damaged or too large')
  })

  it(`survive ${STREAMS} streams of nonsense in place of a greeting`, async () => {
    const random = new SeededRandom(Number(process.env['CAXTON_TEST_SEED'] ?? 1))
    for (let i = 0; i < STREAMS; i++) {
      const scene = new LinkScene({ cut: length => Math.ceil(random.fraction() * length) })
      scene.b.links.accept(scene.wireB, { doubt: () => undefined }, scene.b.events)
      for (let n = 0; n < 3; n++) {
        const body = random.bytes(Math.floor(random.fraction() * 30))
        scene.wireB.take(recordOf(([5, 6, 7, 3, 0] as const)[Math.floor(random.fraction() * 5)] ?? 5, body))
      }
      scene.wireA.destroy()
      scene.clock.advance(10_000)
      expect(scene.b.events.order).to.deep.equal([])
      expect(scene.clock.pending).to.equal(0)
    }
  })

  it('make the reason of a refusal safe for a log', async () => {
    const scene = new LinkScene()
    const peer = { nodeId: 'node-b', host: '127.0.0.1', port: 7947 }
    const dial = scene.a.links.dial(scene.wireA, { doubt: () => undefined }, peer, scene.a.events, never()).catch(messageOf)
    scene.wireA.take(goodbyeOf('no\u001b[31m\nway'))
    expect(await dial).to.include('it refuses this node: no?[31m?way')
    await settled()
  })
})
