import { expect } from 'chai'
import fc from 'fast-check'
import { ApiKeyScene } from '../../../support/authenticators/api-key-scene.js'

const NAMES = ['ann', 'ben', 'cat']

/** Something that happens to one of the nodes: a change of its keys, or that it learns of another's. */
const happenings = fc.array(fc.tuple(
  fc.integer({ min: 0, max: 2 }), fc.constantFrom('create', 'rotate', 'revoke', 'learn', 'wait'), fc.nat({ max: 5 }),
), { maxLength: 25 })

describe('API keys of several nodes', () => {
  let nodes: ApiKeyScene[]
  beforeEach(async () => { nodes = await Promise.all([0, 1, 2].map(() => ApiKeyScene.start())) })
  afterEach(async () => { for (const node of nodes) await node.end() })

  const at = (node: number): ApiKeyScene => nodes[node] ?? expect.fail()
  const learn = async (node: number, from: number): Promise<void> => await at(node).main.shared.merge(at(from).main.shared.contents())
  const digests = (): string[] => nodes.map(({ main }) => Buffer.from(main.shared.digest()).toString('hex'))

  it('let their owners in everywhere, and nowhere once they are revoked on one', async () => {
    const key = await at(0).key('ci', ['viewer'])
    expect(await at(1).ask(key)).to.include('there is no such key')
    await learn(1, 0)
    await learn(2, 1)
    expect(await at(2).ask(key)).to.equal('key:ci')
    await at(2).main.keys.revoke('ci')
    for (const [node, from] of [[1, 2], [0, 1]] as const) await learn(node, from)
    expect(await at(0).ask(key)).to.include('it was revoked')
    await learn(2, 0)
    expect(await at(2).ask(key)).to.include('it was revoked')
  })

  it('work after a restart of the node that learnt of them', async () => {
    const key = await at(0).key('ci')
    await learn(1, 0)
    await at(1).restart()
    expect(await at(1).ask(key)).to.equal('key:ci')
  })

  it('stay revoked when another node renewed them meanwhile', async () => {
    const key = await at(0).key('ci')
    await learn(1, 0)
    await at(0).main.keys.revoke('ci')
    const rotated = [await at(1).main.keys.rotate('ci'), await at(1).main.keys.rotate('ci')].map(({ text }) => text)
    await learn(0, 1)
    await learn(1, 0)
    for (const text of [key, ...rotated]) for (const node of [0, 1]) expect(await at(node).ask(text)).to.include('it was revoked')
  })

  it('do not come back when they were over for long', async () => {
    await at(0).key('short', [], 1_000)
    await at(0).clock.pass(31 * 86_400_000)
    expect(at(0).main.keys.lasting()).to.deep.equal([])
    await learn(1, 0)
    expect(at(1).main.book.size).to.equal(0)
  })

  it('are the same on all nodes when all have learnt, whatever happened before, and in whichever order', async () => {
    await fc.assert(fc.asyncProperty(happenings, async happened => {
      const texts: string[] = []
      for (const [node, what, more] of happened) {
        const { keys } = at(node).main
        const name = NAMES[more % NAMES.length] ?? ''
        const done = what === 'learn' ? learn(node, more % 3) : what === 'wait' ? at(node).clock.pass(1_000)
          : what === 'create' ? at(node).key(name).then(text => { texts.push(text) })
          : what === 'rotate' ? keys.rotate(name, more * 1_000).then(({ text }) => { texts.push(text) }) : keys.revoke(name)
        await done.catch(() => {})
      }
      for (const [node, from] of [[0, 1], [0, 2], [1, 0], [2, 0]] as const) await learn(node, from)
      expect(new Set(digests()).size).to.equal(1)
    }), { numRuns: 20 })
  })

  it('are not taken from what makes no sense', async () => {
    const key = await at(0).key('ci')
    const before = digests()[0]
    for (const text of ['', '{}', '{"records":[{}],"secrets":[]}', '{"records":[],"secrets":[1]}', 'null']) {
      const error = await at(0).main.shared.merge(Buffer.from(text)).catch((caught: unknown) => caught)
      expect(error, text).to.be.instanceOf(Error)
    }
    expect([digests()[0], await at(0).ask(key)]).to.deep.equal([before, 'key:ci'])
  })
})
