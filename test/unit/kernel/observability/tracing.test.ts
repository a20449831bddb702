import { expect } from 'chai'
import type { FinishedSpan, LogLine, Named, Telemetry } from '../../../../kernel/contract/index.js'
import { MetricsRegistry } from '../../../../kernel/observability/metrics.js'
import { SpanBudget } from '../../../../kernel/observability/span-budget.js'
import { SpanClock } from '../../../../kernel/observability/span-clock.js'
import { TelemetryHub } from '../../../../kernel/observability/telemetry-hub.js'
import { TraceSampler } from '../../../../kernel/observability/trace-sampler.js'
import { RecordingLogger } from '../../../support/recording-logger.js'
import { testTracer } from '../../../support/test-tracer.js'
import { VirtualClock } from '../../../support/virtual-clock.js'

const PARENT = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7', sampled: true }
const line = (message: string): LogLine => ({ at: 0, level: 'info', part: 'a', message, fields: {} })
const span = (name: string): FinishedSpan =>
  ({ traceId: PARENT.traceId, spanId: PARENT.spanId, name, kind: 'internal', startedAt: 0, endedAt: 1, attributes: {} })

class Notes implements Telemetry {
  readonly heard: string[] = []
  span ({ name }: FinishedSpan): void { this.heard.push(name) }
  line ({ message }: LogLine): void { this.heard.push(message) }
}

describe('tracer', () => {
  it('tells of a span when it has ended, once, with what was said of it and the time it took', () => {
    const clock = new VirtualClock()
    const spans: FinishedSpan[] = []
    const tracer = testTracer(clock, each => { spans.push(each) })
    const begun = tracer.start('work', { kind: 'client', parent: PARENT, attributes: { a: 1, b: 2 } })
    begun.set({ b: 3 })
    clock.advance(7)
    expect(spans).to.deep.equal([])
    begun.end('FULL')
    begun.end()
    begun.set({ b: 4 })
    expect(spans).to.deep.equal([{
      traceId: PARENT.traceId, spanId: begun.context.spanId, parentSpanId: PARENT.spanId, name: 'work', kind: 'client',
      startedAt: clock.now() - 7, endedAt: clock.now(), attributes: { a: 1, b: 3 }, failure: 'FULL',
    }])
    expect(begun.context).to.include({ traceId: PARENT.traceId, sampled: true })
    expect(begun.context.spanId).not.to.equal(PARENT.spanId)
  })

  it('begins a trace where there is no parent', () => {
    const spans: FinishedSpan[] = []
    testTracer(new VirtualClock(), each => { spans.push(each) }).start('work', { kind: 'server' }).end()
    expect(spans[0]?.traceId).to.match(/^[0-9a-f]{32}$/)
    expect(spans[0]).not.to.have.property('parentSpanId')
  })

  it('leaves out what is not sampled, unless it failed or was slow', () => {
    const clock = new VirtualClock()
    const spans: string[] = []
    const tracer = testTracer(clock, ({ name }) => { spans.push(name) }, false)
    const parent = { ...PARENT, sampled: false }
    tracer.start('one', { kind: 'server', parent }).end()
    tracer.start('failed', { kind: 'server', parent }).end('NO')
    const slow = tracer.start('slow', { kind: 'server' })
    clock.advance(1_000)
    slow.end()
    expect(spans).to.deep.equal(['failed', 'slow'])
    expect(slow.context.sampled).to.equal(false)
  })
})

describe('trace sampler', () => {
  it('records the first traces of each second, and of those beyond its share', () => {
    let now = 0
    const sampler = new TraceSampler({ first: 2, rate: 0.5 }, () => now)
    expect([0.9, 0.9, 0.9, 0.5, 0.4].map(fraction => sampler.decide(fraction))).to.deep.equal([true, true, false, false, true])
    now = 1_000
    expect(sampler.decide(0.9)).to.equal(true)
  })
})

describe('span budget', () => {
  it('lets some be recorded at once and others in the long run, and counts the rest', () => {
    let now = 500
    const budget = new SpanBudget({ spans_per_second: 2, spans_burst: 3 }, () => now)
    const taken = (times: number): boolean[] => Array.from({ length: times }, () => budget.take())
    expect(taken(4)).to.deep.equal([true, true, true, false])
    now = 1_000
    expect(taken(2)).to.deep.equal([true, false])
    budget.giveBack()
    expect(taken(1)).to.deep.equal([true])
    now = 60_000
    expect(taken(4)).to.deep.equal([true, true, true, false])
    expect(budget.dropped).to.equal(3)
  })

  it('lets none be recorded where it is none in a second', () => {
    expect(new SpanBudget({ spans_per_second: 0, spans_burst: 1_000 }, () => 0).take()).to.equal(false)
  })
})

describe('span clock', () => {
  it('goes on evenly between the steps of the wall clock, and follows it when it was set', () => {
    let [elapsed, wall] = [5.25, 1_000]
    const clock = new SpanClock({ now: () => wall, elapsed: () => elapsed, after: () => ({ cancel: () => {} }) })
    expect(clock.now()).to.equal(1_000)
    elapsed = 5.75
    expect(clock.now()).to.equal(1_000.5)
    wall = 90_000
    expect(clock.now()).to.equal(90_000)
  })
})

describe('telemetry hub', () => {
  const hubOf = (): { readonly hub: TelemetryHub, readonly log: RecordingLogger, readonly metrics: MetricsRegistry } => {
    const [log, metrics] = [new RecordingLogger(), new MetricsRegistry()]
    return { hub: new TelemetryHub(metrics, log), log, metrics }
  }
  const named = (...services: Telemetry[]): Array<Named<Telemetry>> =>
    services.map((service, index) => ({ instance: `plugin-${index}`, service }))

  it('keeps the latest of what comes before the plugins have started, and gives it to each', () => {
    const { hub, metrics } = hubOf()
    for (let count = 0; count < 1_200; count++) hub.line(line(`line ${count}`))
    hub.span(span('early'))
    const [one, other] = [new Notes(), new Notes()]
    hub.open(named(one, other))
    hub.span(span('late'))
    expect(one.heard.slice(-3)).to.deep.equal(['line 1199', 'early', 'late'])
    expect(one.heard).to.have.length(1_002)
    expect(other.heard).to.deep.equal(one.heard)
    expect(metrics.snapshot('caxton_spans_total')[0]?.samples[0]?.value).to.equal(2)
  })

  it('tells nobody once it is closed', () => {
    const { hub } = hubOf()
    const notes = new Notes()
    hub.open(named(notes))
    hub.close()
    hub.line(line('late'))
    expect(notes.heard).to.deep.equal([])
  })

  it('goes on with the others when one fails, and reports that once although the report is a line, too', () => {
    const { hub, log } = hubOf()
    const notes = new Notes()
    const broken: Telemetry = { line: () => { throw new Error('no') } }
    hub.open(named(broken, notes))
    hub.line(line('one'))
    hub.line(line('two'))
    expect(notes.heard).to.deep.equal(['one', 'two'])
    expect(log.lines.map(({ fields }) => fields['plugin'])).to.deep.equal(['plugin-0'])
  })
})
