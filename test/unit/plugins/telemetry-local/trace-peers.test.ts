import { expect } from 'chai'
import type { FinishedSpan, PeerHandlers } from '../../../../kernel/contract/index.js'
import { searchSpans } from '../../../../plugins/telemetry-local/traces/span-search.js'
import { spanText } from '../../../../plugins/telemetry-local/traces/span-text.js'
import { TracePeers } from '../../../../plugins/telemetry-local/traces/trace-peers.js'
import { VirtualClock } from '../../../support/virtual-clock.js'

const SIGNAL = new AbortController().signal
const id = (digit: number, digits: number): string => String(digit).repeat(digits)

/** A span of a trace, maybe of a message in a conversation. */
const span = (trace: number, number: number, startedAt: number, conversation?: string): FinishedSpan => ({
  traceId: id(trace, 32), spanId: id(number, 16), name: 'a', kind: 'producer', startedAt, endedAt: startedAt + 1,
  attributes: conversation === undefined ? {} : { 'messaging.message.conversation_id': conversation },
})

/** Some nodes that reach one another, and what each has recorded. */
class Nodes {
  readonly clock = new VirtualClock()
  readonly handlers = new Map<string, PeerHandlers>()
  /** Do not answer. */
  readonly silent = new Set<string>()

  constructor (private readonly spans: Readonly<Record<string, readonly FinishedSpan[]>>) {}

  /** The view of a node. */
  of (self: string): TracePeers {
    for (const node of Object.keys(this.spans)) if (node !== self) this.#join(node)
    return this.#join(self)
  }

  #join (self: string): TracePeers {
    const members = Object.keys(this.spans).map(nodeId => ({ nodeId, state: 'alive' as const, isCaxton: true }))
    return new TracePeers({
      self, clock: this.clock, timeout: 3_000, membership: { members: () => members },
      search: ids => searchSpans({ read: async function * (this: Nodes) {
        yield * (this.spans[self] ?? []).map(spanText)
      }.bind(this) }, ids),
      peers: { channel: (_name, handlers) => {
        this.handlers.set(self, handlers)
        return {
          send: () => false,
          ask: async (nodeId, bytes, signal) => {
            if (this.silent.has(nodeId)) return await new Promise<never>(() => {})
            return await this.handlers.get(nodeId)?.asked?.(self, bytes, signal) ?? new Uint8Array(0)
          },
        }
      } },
    })
  }
}

describe('a trace in a cluster', () => {
  it('is gathered from all nodes, in the order of its beginnings', async () => {
    const nodes = new Nodes({ a: [span(1, 1, 10), span(1, 2, 30), span(2, 3, 5)], b: [span(1, 4, 20)] })
    const { spans, silent, isCut } = await nodes.of('a').gather(id(1, 32), SIGNAL)
    expect(spans.map(({ node, span: { spanId } }) => [node, spanId[0]])).to.deep.equal([['a', '1'], ['b', '4'], ['a', '2']])
    expect({ silent, isCut }).to.deep.equal({ silent: [], isCut: false })
  })

  it('is found by its conversation, with what each of its traces holds besides, wherever that is', async () => {
    const nodes = new Nodes({
      a: [span(1, 1, 10, 'c7'), span(1, 2, 11), span(3, 9, 0)], b: [span(2, 3, 20, 'c7')], c: [span(1, 5, 12), span(2, 6, 21)],
    })
    const { spans } = await nodes.of('a').gather('c7', SIGNAL)
    expect(spans.map(each => each.span.spanId[0])).to.deep.equal(['1', '2', '5', '3', '6'])
  })

  it('says who did not answer in time, and shows the rest', async () => {
    const nodes = new Nodes({ a: [span(1, 1, 10)], b: [span(1, 2, 20)], c: [] })
    nodes.silent.add('b')
    const gathering = nodes.of('a').gather(id(1, 32), SIGNAL)
    await nodes.clock.pass(3_000)
    await nodes.clock.pass(3_000)
    const { spans, silent } = await gathering
    expect(spans).to.have.length(1)
    expect(silent).to.deep.equal(['b'])
    expect(nodes.clock.pending).to.equal(0)
  })

  it('is not looked for any more when nobody waits', async () => {
    const nodes = new Nodes({ a: [], b: [] })
    nodes.silent.add('b')
    const leaving = new AbortController()
    const gathering = nodes.of('a').gather('c7', leaving.signal)
    leaving.abort(new Error('left'))
    const outcome = await gathering.catch((error: unknown) => error)
    expect(outcome).to.be.instanceOf(Error).with.property('message', 'left')
  })

  it('ends at a bound, and says that there is more', async () => {
    const many = Array.from({ length: 5_001 }, (_, number) => ({ ...span(1, 1, number), spanId: String(number).padStart(16, '0') }))
    const { spans, isCut } = await new Nodes({ a: many }).of('a').gather(id(1, 32), SIGNAL)
    expect(spans).to.have.length(5_000)
    expect(isCut).to.equal(true)
  })
})
