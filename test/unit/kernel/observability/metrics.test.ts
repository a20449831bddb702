import { expect } from 'chai'
import { MetricConflict, MetricNameInvalid } from '../../../../kernel/observability/metric-errors.js'
import { MetricsRegistry } from '../../../../kernel/observability/metrics.js'
import { MOST_SERIES, OVERFLOW } from '../../../../kernel/observability/series.js'

const thrown = (action: () => unknown): unknown => {
  try {
    action()
  } catch (error) {
    return error
  }
  return undefined
}

describe('metrics registry', () => {
  it('gives the same instrument for the same name', () => {
    const metrics = new MetricsRegistry()
    metrics.counter('caxton_calls_total', 'Calls.').add(1)
    metrics.counter('caxton_calls_total', 'Calls.').add(2)
    expect(metrics.snapshot()).to.deep.equal([
      { name: 'caxton_calls_total', help: 'Calls.', type: 'counter', labelNames: [], samples: [{ labels: {}, value: 3 }] },
    ])
  })

  it('refuses one name for two kinds of metric', () => {
    const metrics = new MetricsRegistry()
    metrics.gauge('caxton_agents_total', 'Agents.')
    expect(MetricConflict.is(thrown(() => metrics.counter('caxton_agents_total', 'Agents.')))).to.equal(true)
  })

  it('refuses names and bounds that break the rules', () => {
    const metrics = new MetricsRegistry()
    expect(MetricNameInvalid.is(thrown(() => metrics.counter('caxton_calls', 'Calls.')))).to.equal(true)
    expect(MetricNameInvalid.is(thrown(() => metrics.gauge('Caxton-agents', 'Agents.')))).to.equal(true)
    expect(MetricNameInvalid.is(thrown(() => metrics.histogram('caxton_x_seconds', 'X.', [1, 1])))).to.equal(true)
    expect(MetricNameInvalid.is(thrown(() => metrics.histogram('caxton_x_seconds', 'X.', [])))).to.equal(true)
  })

  it('treats labels in another order as the same series', () => {
    const metrics = new MetricsRegistry()
    const counter = metrics.counter('caxton_calls_total', 'Calls.')
    counter.add(1, { operation: 'a', result: 'ok' })
    counter.add(1, { result: 'ok', operation: 'a' })
    expect(metrics.snapshot()[0]?.samples).to.deep.equal([{ labels: { operation: 'a', result: 'ok' }, value: 2 }])
  })

  it('refuses a name under which Prometheus or OpenMetrics would see two metrics', () => {
    const metrics = new MetricsRegistry()
    metrics.gauge('caxton_letters', 'Letters.')
    metrics.histogram('caxton_call_seconds', 'Calls.', [1])
    expect(MetricNameInvalid.is(thrown(() => metrics.counter('caxton_letters_total', 'Letters.')))).to.equal(true)
    expect(MetricNameInvalid.is(thrown(() => metrics.gauge('caxton_call_seconds_count', 'Calls.')))).to.equal(true)
  })

  it('begins what is counted without labels at 0, and shows no gauge that was not set', () => {
    const metrics = new MetricsRegistry()
    metrics.counter('caxton_calls_total', 'Calls.')
    metrics.histogram('caxton_call_seconds', 'Calls.', [1])
    metrics.gauge('caxton_letters', 'Letters.')
    expect(metrics.snapshot().map(({ samples }) => samples)).to.deep.equal([
      [{ labels: {}, value: 0, bounds: [1], counts: [0, 0] }], [{ labels: {}, value: 0 }], [],
    ])
  })

  it('tells the labels of a metric before anything was counted', () => {
    const metrics = new MetricsRegistry()
    metrics.counter('caxton_calls_total', 'Calls.', ['operation', 'result'])
    metrics.histogram('caxton_call_seconds', 'Calls.', [1], ['operation'])
    expect(metrics.snapshot().map(({ labelNames, samples }) => ({ labelNames, samples }))).to.deep.equal([
      { labelNames: ['operation'], samples: [] }, { labelNames: ['operation', 'result'], samples: [] },
    ])
  })

  it('counts everything above the bound of label sets together', () => {
    const metrics = new MetricsRegistry()
    const counter = metrics.counter('caxton_calls_total', 'Calls.')
    for (let i = 0; i < MOST_SERIES + 500; i++) counter.add(1, { agent: `a${i}` })
    counter.add(1, { agent: 'a0' })
    const samples = metrics.snapshot()[0]?.samples ?? []
    expect(samples).to.have.length(MOST_SERIES + 1)
    expect(samples.find(sample => sample.labels.agent === 'a0')?.value).to.equal(2)
    expect(samples.at(-1)).to.deep.equal({ labels: OVERFLOW, value: 500 })
  })

  it('never lowers a counter', () => {
    const metrics = new MetricsRegistry()
    const counter = metrics.counter('caxton_calls_total', 'Calls.')
    counter.add(5)
    counter.add(-3)
    counter.add(Number.NaN)
    expect(metrics.snapshot()[0]?.samples[0]?.value).to.equal(5)
  })

  it('counts the buckets of a histogram cumulatively, up to and with its bounds', () => {
    const metrics = new MetricsRegistry()
    const histogram = metrics.histogram('caxton_call_seconds', 'Calls.', [0.1, 1])
    for (const value of [0.05, 0.1, 0.5, 7]) histogram.record(value)
    const [read] = metrics.snapshot()
    expect(read).to.deep.include({ type: 'histogram', samples: [{ labels: {}, value: 7.65, bounds: [0.1, 1], counts: [2, 3, 4] }] })
  })

  it('asks the collectors when it is read, and survives one that throws', () => {
    const metrics = new MetricsRegistry()
    const gauge = metrics.gauge('caxton_queue_messages', 'Queued.')
    metrics.onCollect(() => { throw new Error('broken') })
    metrics.onCollect(() => { gauge.set(4) })
    expect(metrics.snapshot('caxton_queue')[0]?.samples[0]?.value).to.equal(4)
    expect(metrics.snapshot('caxton_other')).to.deep.equal([])
  })
})
