import { create } from '@bufbuild/protobuf'
import { expect } from 'chai'
import fc from 'fast-check'
import { rowsOf } from '../../../../plugins/telemetry-local/commands/trace-rows.js'
import { TraceSpanSchema, type TraceSpan } from '../../../../plugins/telemetry-local/proto/caxton/v1/telemetry_pb.js'

/** A span as the server tells it: id, parent, kind, beginning and end. */
function span (
  spanId: string, parentSpanId: string, kind: string, startedAt: number, endedAt: number,
  more: Partial<Pick<TraceSpan, 'attributes' | 'failure' | 'node' | 'name'>> = {},
): TraceSpan {
  return create(TraceSpanSchema, { traceId: 't', spanId, parentSpanId, kind, startedAt, endedAt, node: 'a', name: spanId, ...more })
}

const message = (act: string, sender: string, receiver: string): Pick<TraceSpan, 'attributes'> => ({
  attributes: { 'caxton.message.act': act, 'caxton.message.sender': sender, 'messaging.destination.name': receiver },
})

const shown = (spans: readonly TraceSpan[]): string[] => rowsOf(spans).map(({ what }) => what)

describe('the lines of a trace', () => {
  it('make one of a message: who said what to whom, how long it was under way, how long its handling took, and where', () => {
    const said = message('request', 'caller', 'bob')
    const rows = rowsOf([
      span('op', '', 'server', 100, 120, { name: 'caxton.v1.Messages/Send' }),
      span('send', 'op', 'producer', 101, 101, said),
      span('out', 'send', 'client', 102, 102, { name: 'hop to b' }),
      span('in', 'out', 'server', 104, 104, { name: 'hop from a', node: 'b' }),
      span('process', 'in', 'consumer', 105, 108, { ...said, node: 'b', failure: 'AGENT_TRAPPED' }),
    ])
    expect(rows.map(({ at, delivery, took, node, what }) => ({ at, delivery, took, node, what }))).to.deep.equal([
      { at: 0, delivery: undefined, took: 20, node: 'a', what: 'Messages/Send' },
      { at: 1, delivery: 4, took: 3, node: 'a → b', what: 'caller → bob: request  failed: AGENT_TRAPPED' },
    ])
  })

  it('keep a conversation at the margin, and go off where one step caused several', () => {
    expect(shown([
      span('one', '', 'producer', 0, 0, message('cfp', 'ann', 'bob')),
      span('handled', 'one', 'consumer', 1, 9, message('cfp', 'ann', 'bob')),
      span('tool', 'handled', 'client', 2, 3, { name: 'tools/call state.store' }),
      span('two', 'handled', 'producer', 4, 4, message('propose', 'bob', 'ann')),
      span('handled2', 'two', 'consumer', 5, 6, message('propose', 'bob', 'ann')),
      span('three', 'handled2', 'producer', 6, 6, message('accept-proposal', 'ann', 'bob')),
    ])).to.deep.equal([
      'ann → bob: cfp', '├─ tools/call state.store', '└─ bob → ann: propose', '   ann → bob: accept-proposal',
    ])
  })

  it('begin anew where the cause is not known, and show a handling whose sending is not', () => {
    expect(shown([span('x', 'gone', 'consumer', 1, 2, message('inform', 'ann', 'bob')), span('y', '', 'internal', 0, 1)]))
      .to.deep.equal(['y', 'bob handles inform of ann'])
  })

  it('show every step once, whatever the spans say of one another', () => {
    const ids = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')
    const kinds = fc.constantFrom('producer', 'consumer', 'server')
    fc.assert(fc.property(fc.uniqueArray(fc.tuple(ids, ids, kinds, fc.nat(9)), { selector: ([own]) => own }), rows => {
      const spans = rows.map(([own, parent, kind, at]) => span(own, parent, kind, at, at))
      const names = rowsOf(spans).map(row => row.span.spanId)
      expect(new Set(names).size).to.equal(names.length)
    }), { numRuns: 300 })
  })
})
