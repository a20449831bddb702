import { expect } from 'chai'
import type { PeerHandlers, PeerLink, SharedState } from '../../../../../kernel/contract/index.js'
import { StateSharing } from '../../../../../kernel/lifecycle/cluster/state-sharing.js'
import { RecordingLogger } from '../../../../support/recording-logger.js'
import { settled, VirtualClock } from '../../../../support/virtual-clock.js'

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

/** Nodes with links between all of them. */
class Nodes {
  readonly clock = new VirtualClock()
  readonly states = new Map<string, Letters>()
  readonly handlers = new Map<string, PeerHandlers>()
  readonly openings = new Map<string, (nodeId: string, isOpen: boolean) => void>()
  readonly sharings = new Map<string, StateSharing>()
  isEncrypted = true
  isCut = false

  add (nodeId: string): Letters {
    const state = new Letters()
    this.states.set(nodeId, state)
    const sharing = new StateSharing({
      state: { instance: 'letters', service: state }, clock: this.clock, log: new RecordingLogger(),
      peers: {
        links: () => this.linksOf(nodeId),
        onLink: changed => { this.openings.set(nodeId, changed) },
        channel: (name, handlers) => {
          expect(name).to.equal('state-letters')
          this.handlers.set(nodeId, handlers)
          return {
            send: (to, bytes) => {
              if (!this.isCut) this.handlers.get(to)?.heard?.(nodeId, bytes)
              return !this.isCut
            },
            ask: async (to, bytes, signal) => {
              if (this.isCut) throw new Error('unreachable')
              return await this.handlers.get(to)?.asked?.(nodeId, bytes, signal) ?? new Uint8Array(0)
            },
          }
        },
      },
    })
    this.sharings.set(nodeId, sharing)
    return state
  }

  linksOf (nodeId: string): PeerLink[] {
    const { isEncrypted } = this
    return [...this.states.keys()].filter(each => each !== nodeId).map(each =>
      ({ nodeId: each, transport: 'tcp', driver: 'tcp', since: 0, waiting: 0, state: 'open', isEncrypted }))
  }

  texts (): string[] {
    return [...this.states.values()].map(({ text }) => text)
  }
}

describe('what all nodes have alike', () => {
  let nodes: Nodes
  let a: Letters
  let b: Letters

  beforeEach(() => {
    nodes = new Nodes()
    ;[a, b] = [nodes.add('node-a'), nodes.add('node-b')]
  })
  afterEach(() => { for (const sharing of nodes.sharings.values()) sharing.stop() })

  async function start (): Promise<void> {
    for (const sharing of nodes.sharings.values()) sharing.start()
    await settled()
  }

  it('is exchanged when a node starts', async () => {
    a.add('x')
    b.add('y')
    await start()
    expect(nodes.texts()).to.deep.equal(['xy', 'xy'])
  })

  it('reaches the others at once when one changes it', async () => {
    const c = nodes.add('node-c')
    await start()
    a.add('x')
    await settled()
    expect(nodes.texts()).to.deep.equal(['x', 'x', 'x'])
    expect(c.merges).to.equal(1)
  })

  it('is asked for once more when another change is told during a question', async () => {
    await start()
    for (const letter of 'xyz') a.add(letter)
    await settled()
    expect(b.text).to.equal('xyz')
  })

  it('is asked for when a link opens', async () => {
    nodes.isCut = true
    await start()
    a.add('x')
    nodes.isCut = false
    nodes.openings.get('node-b')?.('node-a', true)
    await settled()
    expect(b.text).to.equal('x')
  })

  it('is the same after a minute, even when nobody heard that it changed', async () => {
    await start()
    nodes.isCut = true
    a.add('x')
    await settled()
    nodes.isCut = false
    await nodes.clock.pass(MINUTE)
    await settled()
    expect(nodes.texts()).to.deep.equal(['x', 'x'])
  })

  it('does not travel when it is the same', async () => {
    for (const state of [a, b]) state.add('x')
    await start()
    await nodes.clock.pass(10 * MINUTE)
    expect([a.merges, b.merges]).to.deep.equal([0, 0])
  })

  it('never travels over a link that is not encrypted', async () => {
    nodes.isEncrypted = false
    a.add('x')
    await start()
    nodes.openings.get('node-b')?.('node-a', true)
    const answer = await nodes.handlers.get('node-a')?.asked?.('node-b', Buffer.from(''), new AbortController().signal).catch(String)
    await nodes.clock.pass(MINUTE)
    expect([b.text, answer]).to.deep.equal(['', 'Error: the link to node-b is not encrypted'])
  })

  it('is left alone when it is stopped', async () => {
    await start()
    for (const sharing of nodes.sharings.values()) sharing.stop()
    a.add('x')
    await nodes.clock.pass(MINUTE)
    expect([b.text, nodes.clock.pending]).to.deep.equal(['', 0])
  })
})
