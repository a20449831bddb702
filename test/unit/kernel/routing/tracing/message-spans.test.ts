import { expect } from 'chai'
import { FRAME, type FinishedSpan } from '../../../../../kernel/contract/index.js'
import { SpanBudget } from '../../../../../kernel/observability/span-budget.js'
import { decodeFrame, encodeFrame, viewOf, type FrameDraft } from '../../../../../kernel/routing/frames/frame.js'
import { MessageStamp } from '../../../../../kernel/routing/frames/message-stamp.js'
import { HopSpans } from '../../../../../kernel/routing/tracing/hop-spans.js'
import type { MessageSpan } from '../../../../../kernel/routing/tracing/message-span.js'
import { MessageSpans } from '../../../../../kernel/routing/tracing/message-spans.js'
import { SpanDescription } from '../../../../../kernel/routing/tracing/span-description.js'
import { passedAt } from '../../../../../kernel/routing/passed-at.js'
import { testTracer } from '../../../../support/test-tracer.js'
import { samples } from '../../../../support/trace-samples.js'
import { VirtualClock } from '../../../../support/virtual-clock.js'

const TRACE = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7', sampled: true }
const NAMES: Readonly<Record<number, string>> = { 2: 'ann', 3: 'bob' }
const nameOf = (handle: number): string | undefined => NAMES[handle]

/** A thread's stamp, and the spans that it notes. */
class Scene {
  readonly stamp = new MessageStamp(7n, 1, Uint32Array.of(1, 2, 3, 4), samples(1))
  readonly noted: MessageSpan[] = []
  readonly spans: MessageSpans

  constructor (most = 100) {
    const budget = new SpanBudget({ spans_per_second: 1, spans_burst: most }, () => 0)
    this.spans = new MessageSpans(this.stamp, budget, span => { this.noted.push(span) })
  }

  /** A stamped message from ann to bob. */
  message (more: Partial<FrameDraft> = {}): Uint8Array {
    const frame = encodeFrame({
      act: 'request', receiver: { handle: 3, generation: 1 }, sender: { handle: 2, generation: 1 }, fields: {},
      content: Buffer.from('{"a":1}'), ...more,
    })
    this.stamp.stamp(viewOf(frame), 0, 2, 1, more.flags ?? 0)
    return frame
  }

  send (more: Partial<FrameDraft> = {}): Uint8Array {
    const frame = this.message(more)
    this.spans.sent(frame, viewOf(frame), 0, frame.length)
    return frame
  }

  described (): FinishedSpan[] {
    const description = new SpanDescription(nameOf, () => 1_000_000)
    return this.noted.map(span => description.of(span))
  }
}

describe('the span of a message', () => {
  it('says in the words of OpenTelemetry who said what to whom, where it belongs, and nothing of what was said', () => {
    const scene = new Scene()
    scene.stamp.adoptTrace(TRACE)
    const frame = scene.send({ conversation: 0x1234n, fields: { protocol: 'fipa-request' } })
    const [span] = scene.described()
    expect(span).to.deep.include({
      traceId: TRACE.traceId, spanId: decodeFrame(frame).spanId, parentSpanId: TRACE.spanId, name: 'send bob', kind: 'producer',
      attributes: {
        'messaging.system': 'caxton', 'messaging.operation.name': 'send', 'messaging.operation.type': 'send',
        'messaging.destination.name': 'bob', 'messaging.message.id': '7-100000000000001', 'messaging.message.body.size': 7,
        'messaging.message.conversation_id': 'c1234', 'caxton.message.act': 'request', 'caxton.message.sender': 'ann',
        'caxton.message.protocol': 'fipa-request',
      },
    })
    expect(JSON.stringify(span)).not.to.include('"a"')
  })

  it('has the time of the wall clock, whichever thread noted it', () => {
    const scene = new Scene()
    scene.stamp.adoptTrace(TRACE)
    scene.send()
    const age = passedAt() - (scene.noted[0]?.startedAt ?? 0)
    expect(scene.described()[0]?.startedAt).to.be.within(1_000_000 - age - 50, 1_000_000)
  })

  it('has one id for its conversation, on whichever node that lives', () => {
    const scene = new Scene()
    scene.stamp.adoptTrace(TRACE)
    scene.send({ conversation: 0x8100000000000005n })
    expect(scene.described()[0]?.attributes['messaging.message.conversation_id']).to.equal('c100000000000005')
  })

  it('says what the platform says, by its code', () => {
    const scene = new Scene()
    scene.stamp.adoptTrace(TRACE)
    scene.send({ act: 'failure', flags: 1, content: Buffer.from('{"code":"MAILBOX_FULL","reason":"x"}') })
    expect(scene.described()[0]?.attributes).to.include({ 'caxton.message.platform': true, 'caxton.message.code': 'MAILBOX_FULL' })
    scene.send({ act: 'failure', flags: 1, content: Buffer.from('no JSON') })
    expect(scene.described()[1]?.attributes).not.to.have.property('caxton.message.code')
  })

  it('leaves out fields that are too long', () => {
    const scene = new Scene()
    scene.stamp.adoptTrace(TRACE)
    scene.send({ fields: { ontology: 'x'.repeat(5_000), protocol: 'p' } })
    expect(scene.noted[0]?.head).to.have.length(FRAME.headerBytes)
    expect(scene.described()[0]?.attributes).to.include({ 'messaging.message.body.size': 7 })
  })
})

describe('a trace for which there is no more room', () => {
  it('is not recorded any further, so that one which goes on for ever costs nothing', () => {
    const scene = new Scene(1)
    scene.stamp.adoptTrace(TRACE)
    expect([scene.send(), scene.send(), scene.message()].map(frame => frame[FRAME.traceFlags])).to.deep.equal([1, 0, 0])
    scene.stamp.adoptTrace(TRACE)
    expect(scene.spans.begin()).to.equal(false)
    expect(scene.message()[FRAME.traceFlags]).to.equal(0)
    expect(scene.noted).to.have.length(1)
  })
})

describe('the span of a timer', () => {
  it('is noted when something was sent, below the message in whose handling it was set', () => {
    const scene = new Scene()
    scene.stamp.adoptTrace(TRACE)
    scene.spans.begin()
    scene.send()
    scene.spans.ticked(2, scene.spans.traceId, '')
    const [sent, tick] = scene.described()
    expect(tick).to.deep.include({ name: 'timer ann', kind: 'internal', traceId: TRACE.traceId, parentSpanId: TRACE.spanId })
    expect(sent?.parentSpanId).to.equal(tick?.spanId)
  })

  it('is not noted otherwise, and takes no room', () => {
    const scene = new Scene(1)
    scene.stamp.beginTrace()
    for (let count = 0; count < 3; count++) {
      expect(scene.spans.begin()).to.equal(true)
      scene.spans.ticked(2, scene.spans.traceId, '')
    }
    expect(scene.noted).to.deep.equal([])
  })
})

describe('a hop between nodes', () => {
  it('is a step of its own at each end, between the sending and the handling', () => {
    const spans: FinishedSpan[] = []
    const hops = new HopSpans(testTracer(new VirtualClock(), span => { spans.push(span) }))
    const scene = new Scene()
    scene.stamp.adoptTrace(TRACE)
    const frame = scene.message()
    const sent = decodeFrame(frame).spanId
    hops.leaving(viewOf(frame), 'node-2')('NODE_UNREACHABLE')
    hops.arrived(viewOf(frame), 'node-1')
    expect(spans.map(({ name, parentSpanId, failure }) => ({ name, parentSpanId, failure }))).to.deep.equal([
      { name: 'hop to node-2', parentSpanId: sent, failure: 'NODE_UNREACHABLE' },
      { name: 'hop from node-1', parentSpanId: spans[0]?.spanId, failure: undefined },
    ])
    expect(decodeFrame(frame)).to.include({ traceId: TRACE.traceId, spanId: spans[1]?.spanId })
  })

  it('leaves messages alone of which nothing is recorded', () => {
    const spans: FinishedSpan[] = []
    const hops = new HopSpans(testTracer(new VirtualClock(), span => { spans.push(span) }))
    const scene = new Scene()
    scene.stamp.adoptTrace({ ...TRACE, sampled: false })
    const frame = scene.message()
    const before = frame.slice()
    hops.leaving(viewOf(frame), 'node-2')('NODE_UNREACHABLE')
    expect(frame).to.deep.equal(before)
    expect(spans).to.deep.equal([])
  })
})
