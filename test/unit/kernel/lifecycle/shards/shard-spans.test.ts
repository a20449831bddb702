import { expect } from 'chai'
import sinon from 'sinon'
import type { MessageSpan } from '../../../../../kernel/routing/tracing/message-span.js'
import { decodeFrame } from '../../../../../kernel/routing/frames/frame.js'
import { looks, OPEN, ShardScene } from '../../../../support/shard-scene.js'

const TRACE = '11'.repeat(16)
const CAUSE = '22'.repeat(8)

describe('the spans of a shard', () => {
  let scene: ShardScene
  const spans = (): MessageSpan[] => scene.events.flatMap(event => event.kind === 'spans' ? event.spans : [])

  beforeEach(() => {
    scene = new ShardScene()
    scene.tracing = { first: 0, sample_rate: 0, spans_per_second: 1, spans_burst: 100 }
  })

  it('are those of a message\'s handling and of what is sent meanwhile, each below what brought it about', () => {
    scene.post('say hello', 1, { isSampled: true })
    scene.run([scene.create(), OPEN], ...looks(2))
    const [said, handled] = spans()
    expect(handled).to.include({ kind: 'process', traceId: TRACE, parentSpanId: CAUSE, size: 9, failure: '' })
    expect(said).to.include({ kind: 'send', traceId: TRACE, parentSpanId: handled?.spanId, size: 9 })
    expect(handled?.spanId).not.to.equal(CAUSE)
    expect(handled?.endedAt).to.be.at.least(handled?.startedAt ?? Infinity)
    const head = handled?.head ?? new Uint8Array(0)
    expect(decodeFrame(head)).to.deep.include({ traceId: TRACE, act: 'inform', content: new Uint8Array(0) })
  })

  it('are gathered while the shard sleeps, which it does no longer than they may wait', () => {
    scene.hasRest = true
    scene.post('hello', 1, { isSampled: true })
    const clock = sinon.stub(performance, 'now').returns(5_000)
    try {
      scene.run([scene.create(), OPEN], [], [])
    } finally {
      clock.restore()
    }
    expect(scene.sleeps[0]).to.equal(20)
    expect(spans()).to.have.length(1)
  })

  it('are none where the trace is not recorded', () => {
    scene.post('say hello')
    scene.run([scene.create(), OPEN], ...looks(2))
    expect(scene.notes).to.deep.equal(['say hello'])
    expect(spans()).to.deep.equal([])
  })

  it('say why a message could not be handled', () => {
    scene.post('complain', 1, { isSampled: true })
    scene.post('x', 1, { isSampled: true, expires: 1 })
    scene.post('trap', 1, { isSampled: true })
    scene.run([scene.create(), OPEN], ...looks(4))
    expect(spans().filter(({ kind }) => kind === 'process').map(({ failure }) => failure))
      .to.deep.equal(['AGENT_REPORTED_FAILURE', 'AGENT_TRAPPED'])
  })

  it('are no more than may be at once', () => {
    scene.tracing = { first: 0, sample_rate: 0, spans_per_second: 1, spans_burst: 3 }
    for (let count = 0; count < 9; count++) scene.post('hello', 1, { isSampled: true })
    scene.run([scene.create({ mailboxMessages: 20 }), OPEN], ...looks(10))
    expect(scene.notes).to.have.length(9)
    // Time goes on meanwhile.
    expect(spans().length).to.be.within(3, 8)
  })
})
