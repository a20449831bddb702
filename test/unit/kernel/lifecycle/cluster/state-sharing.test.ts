import { expect } from 'chai'
import type { SharedState } from '../../../../../kernel/contract/index.js'
import { SharingNodes } from '../../../../support/sharing-nodes.js'
import { settled } from '../../../../support/virtual-clock.js'

const MINUTE = 60_000

/** Letters that only become more. */
class Letters implements SharedState {
  text = ''
  merges = 0
  changed: () => void = () => {}

  add (letters: string): void {
    this.take(letters)
    this.changed()
  }

  digest (): Uint8Array { return Buffer.from(this.text) }
  contents (): Uint8Array { return Buffer.from(this.text) }

  async merge (contents: Uint8Array): Promise<void> {
    this.merges += 1
    this.take(Buffer.from(contents).toString())
  }

  onChange (changed: () => void): void { this.changed = changed }

  private take (letters: string): void {
    this.text = [...new Set(this.text + letters)].sort().join('')
  }
}

describe('what all nodes have alike', () => {
  let nodes: SharingNodes<Letters>
  let a: Letters
  let b: Letters

  beforeEach(() => {
    nodes = new SharingNodes('letters')
    ;[a, b] = [nodes.add('node-a', new Letters()), nodes.add('node-b', new Letters())]
  })
  afterEach(() => { nodes.stop() })

  const texts = (): string[] => [...nodes.states.values()].map(({ text }) => text)

  it('is exchanged when a node starts', async () => {
    a.add('x')
    b.add('y')
    await nodes.start()
    expect(texts()).to.deep.equal(['xy', 'xy'])
  })

  it('reaches the others at once when one changes it', async () => {
    const c = nodes.add('node-c', new Letters())
    await nodes.start()
    a.add('x')
    await settled()
    expect(texts()).to.deep.equal(['x', 'x', 'x'])
    expect(c.merges).to.equal(1)
  })

  it('is asked for once more when another change is told during a question', async () => {
    await nodes.start()
    for (const letter of 'xyz') a.add(letter)
    await settled()
    expect(b.text).to.equal('xyz')
  })

  it('is asked for when a link opens', async () => {
    nodes.isCut = true
    await nodes.start()
    a.add('x')
    nodes.isCut = false
    nodes.openings.get('node-b')?.('node-a', true)
    await settled()
    expect(b.text).to.equal('x')
  })

  it('is the same after a minute, even when nobody heard that it changed', async () => {
    await nodes.start()
    nodes.isCut = true
    a.add('x')
    await settled()
    nodes.isCut = false
    await nodes.clock.pass(MINUTE)
    await settled()
    expect(texts()).to.deep.equal(['x', 'x'])
  })

  it('does not travel when it is the same', async () => {
    for (const state of [a, b]) state.add('x')
    await nodes.start()
    await nodes.clock.pass(10 * MINUTE)
    expect([a.merges, b.merges]).to.deep.equal([0, 0])
  })

  it('never travels over a link that is not encrypted', async () => {
    nodes.isEncrypted = false
    a.add('x')
    await nodes.start()
    nodes.openings.get('node-b')?.('node-a', true)
    const answer = await nodes.handlers.get('node-a')?.asked?.('node-b', Buffer.from(''), new AbortController().signal).catch(String)
    await nodes.clock.pass(MINUTE)
    expect([b.text, answer]).to.deep.equal(['', 'Error: the link to node-b is not encrypted'])
  })

  it('is left alone when it is stopped', async () => {
    await nodes.start()
    nodes.stop()
    a.add('x')
    await nodes.clock.pass(MINUTE)
    expect([b.text, nodes.clock.pending]).to.deep.equal(['', 0])
  })
})
