import { expect } from 'chai'
import fc from 'fast-check'
import { RecordBlocks, type BlockRules } from '../../../../plugins/telemetry-local/records/record-blocks.js'
import { MoodyStore } from '../../../support/moody-store.js'
import { RecordingLogger } from '../../../support/recording-logger.js'
import { VirtualClock } from '../../../support/virtual-clock.js'

const RULES: BlockRules = { size: 1_000_000, age: 3_600_000, flush: 1_000 }

/** Blocks in a store that can fail, in a time that is turned by hand. */
class Scene {
  readonly store = new MoodyStore()
  readonly clock = new VirtualClock()
  readonly log = new RecordingLogger()
  dropped = 0

  async open (rules: Partial<BlockRules> = {}): Promise<RecordBlocks> {
    await this.store.asStore.migrate([{ version: 1, summary: 'Blocks.', creates: RecordBlocks.collections('spans') }])
    const blocks = new RecordBlocks({
      store: this.store.asStore, collection: 'spans', rules: { ...RULES, ...rules }, clock: this.clock, log: this.log,
      dropped: count => { this.dropped += count },
    })
    await blocks.open()
    return blocks
  }

  async written (): Promise<number> {
    return await this.store.asStore.count('spans')
  }
}

async function all (blocks: RecordBlocks, since = 0, isWanted?: (block: Buffer) => boolean): Promise<string[]> {
  const lines: string[] = []
  for await (const line of blocks.read(since, isWanted)) lines.push(line)
  return lines
}

describe('records in blocks', () => {
  it('are read in their order, whether they are written, on their way, or neither', async () => {
    const scene = new Scene()
    const blocks = await scene.open()
    blocks.add(scene.clock.now(), 'one')
    await scene.clock.pass(1_000)
    expect(await scene.written()).to.equal(1)
    scene.store.hold()
    blocks.add(scene.clock.now(), 'two')
    await scene.clock.pass(1_000)
    blocks.add(scene.clock.now(), 'three')
    expect(await all(blocks)).to.deep.equal(['one', 'two', 'three'])
    scene.store.goOn()
    await scene.clock.pass(1_000)
    expect(await all(blocks)).to.deep.equal(['one', 'two', 'three'])
    expect(await scene.written()).to.equal(3)
  })

  it('are there after a restart, with what was gathered when it stopped, and go on behind it', async () => {
    const scene = new Scene()
    const first = await scene.open()
    first.add(scene.clock.now(), 'one')
    await first.close()
    expect(scene.clock.pending).to.equal(0)
    first.add(scene.clock.now(), 'too late')
    const second = await scene.open()
    second.add(scene.clock.now(), 'two')
    await second.close()
    expect(await all(await scene.open())).to.deep.equal(['one', 'two'])
  })

  it('go, the oldest first, when they are more than may be kept, and never take more room than that', async () => {
    const scene = new Scene()
    const blocks = await scene.open({ size: 300_000 })
    for (let count = 0; count < 100; count++) {
      blocks.add(scene.clock.now(), `${String(count).padStart(3, '0')}${'x'.repeat(9_997)}`)
      await scene.clock.pass(1_000)
      let bytes = 0
      for await (const { value } of scene.store.asStore.scan('spans')) bytes += value.length
      expect(bytes).to.be.at.most(300_000)
    }
    const kept = (await all(blocks)).map(line => line.slice(0, 3))
    expect(kept).to.have.length(30)
    expect([kept[0], kept.at(-1)]).to.deep.equal(['070', '099'])
  })

  it('go when they are too old, also at a start', async () => {
    const scene = new Scene()
    const blocks = await scene.open({ age: 10_000 })
    blocks.add(scene.clock.now(), 'old')
    await scene.clock.pass(6_000)
    blocks.add(scene.clock.now(), 'new')
    await blocks.close()
    await scene.clock.pass(5_000)
    expect(await all(await scene.open({ age: 10_000 }))).to.deep.equal(['new'])
    expect(await scene.written()).to.equal(1)
  })

  it('are written at once when many have gathered', async () => {
    const scene = new Scene()
    const blocks = await scene.open()
    blocks.add(scene.clock.now(), 'x'.repeat(70_000))
    await scene.clock.pass(0)
    expect(await scene.written()).to.equal(1)
    expect(scene.clock.pending).to.equal(0)
  })

  it('are dropped and counted, never waited for, while the disk does not take them', async () => {
    const scene = new Scene()
    const blocks = await scene.open()
    scene.store.hold()
    for (let count = 0; count < 500; count++) blocks.add(scene.clock.now(), 'x'.repeat(9_999))
    await scene.clock.pass(0)
    const { dropped } = scene
    expect(dropped).to.be.within(200, 300)
    scene.store.fails = true
    scene.store.goOn()
    await scene.clock.pass(5_000)
    expect(scene.dropped).to.equal(500)
    scene.store.fails = false
    blocks.add(scene.clock.now(), 'again')
    await scene.clock.pass(1_000)
    expect(await all(blocks)).to.deep.equal(['again'])
    expect(scene.log.lines.map(({ level }) => level)).to.deep.equal(['warn'])
  })

  it('are left out in whole blocks that nobody wants, and that are older than what is asked for', async () => {
    const scene = new Scene()
    const blocks = await scene.open()
    for (const line of ['one', 'two', 'three']) {
      blocks.add(scene.clock.now(), line)
      await scene.clock.pass(10_000)
    }
    expect(await all(blocks, 0, block => block.includes('tw'))).to.deep.equal(['two'])
    expect(await all(blocks, scene.clock.now() - 15_000)).to.deep.equal(['three'])
  })

  it('come back as they were, however they fell into blocks', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.tuple(fc.string(), fc.nat(2_000))), async items => {
      const scene = new Scene()
      const blocks = await scene.open()
      const lines = items.map(([text]) => JSON.stringify(text))
      for (const [index, [, wait]] of items.entries()) {
        blocks.add(scene.clock.now(), lines[index] ?? '')
        await scene.clock.pass(wait)
      }
      expect(await all(blocks)).to.deep.equal(lines)
      await blocks.close()
      expect(await all(await scene.open())).to.deep.equal(lines)
    }), { numRuns: 30 })
  })
})
