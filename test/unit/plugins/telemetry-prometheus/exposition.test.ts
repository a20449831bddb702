import { expect } from 'chai'
import fc from 'fast-check'
import { exposition, type ExposedMetric } from '../../../../plugins/telemetry-prometheus/exposition.js'
import { anyText } from '../../../support/command/any-text.js'

const COUNTER: ExposedMetric = {
  name: 'caxton_calls_total', help: 'Calls.', type: 'counter', samples: [{ labels: { result: 'ok' }, value: 3 }],
}
const HISTOGRAM: ExposedMetric = {
  name: 'caxton_call_seconds', help: 'Time.', type: 'histogram',
  samples: [{ labels: { kind: 'a' }, value: 1.5, bounds: [0.1, 1], counts: [1, 2n, 3] }],
}
/** A label and its value, and a sample, as the format's description has them. */
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\\\|\\"|\\n)*)"/
const NUMBER = /NaN|[+-]Inf|-?\d+(?:\.\d+)?(?:e[+-]\d+)?/
const SAMPLE = new RegExp(`^[a-zA-Z_:][a-zA-Z0-9_:]*(?:\\{${LABEL.source}(?:,${LABEL.source})*\\})? (?:${NUMBER.source})$`)

describe('the exposition of metrics', () => {
  it('is the text that Prometheus reads', () => {
    expect(exposition([COUNTER, HISTOGRAM], 'prometheus')).to.equal([
      '# HELP caxton_calls_total Calls.', '# TYPE caxton_calls_total counter', 'caxton_calls_total{result="ok"} 3',
      '# HELP caxton_call_seconds Time.', '# TYPE caxton_call_seconds histogram',
      'caxton_call_seconds_bucket{kind="a",le="0.1"} 1', 'caxton_call_seconds_bucket{kind="a",le="1.0"} 2',
      'caxton_call_seconds_bucket{kind="a",le="+Inf"} 3',
      'caxton_call_seconds_sum{kind="a"} 1.5', 'caxton_call_seconds_count{kind="a"} 3', '',
    ].join('\n'))
  })

  it('is OpenMetrics where that is wanted: families without suffix, units, an end', () => {
    const text = exposition([COUNTER, HISTOGRAM], 'openmetrics')
    expect(text).to.include('# TYPE caxton_calls counter\ncaxton_calls_total{result="ok"} 3\n')
    expect(text).to.include('# UNIT caxton_call_seconds seconds\n')
    expect(text.endsWith('\n# EOF\n')).to.equal(true)
  })

  it('names each series alike in both formats', () => {
    const series = (format: 'prometheus' | 'openmetrics'): string[] =>
      exposition([COUNTER, HISTOGRAM], format).split('\n').filter(line => line !== '' && !line.startsWith('#'))
    expect(series('prometheus')).to.deep.equal(series('openmetrics'))
  })

  it('names a metric of which nothing was counted yet', () => {
    expect(exposition([{ ...COUNTER, samples: [] }], 'prometheus'))
      .to.equal('# HELP caxton_calls_total Calls.\n# TYPE caxton_calls_total counter\n')
  })

  it('keeps quotes, backslashes and line breaks of values and help inside their lines', () => {
    const text = exposition([{ ...COUNTER, help: 'a\\b\nc', samples: [{ labels: { result: 'a"b\\c\nd' }, value: 1 }] }], 'prometheus')
    expect(text).to.equal('# HELP caxton_calls_total a\\\\b\\nc\n# TYPE caxton_calls_total counter\n'
      + 'caxton_calls_total{result="a\\"b\\\\c\\nd"} 1\n')
  })

  it('never lets a label stand in for a bucket, nor twice, nor under a name that Prometheus keeps for itself', () => {
    const labels = { 'le': '9', 'a-b': 'first', 'a_b': 'second', '__name__': 'x', '1st': 'y' }
    const text = exposition([{ ...HISTOGRAM, samples: [{ labels, value: 1, bounds: [1], counts: [1, 1] }] }], 'prometheus')
    expect(text).to.include('caxton_call_seconds_count{a_b="first",_name__="x",_1st="y"} 1')
    expect(text.match(/le="[^"]*"/g)).to.deep.equal(['le="1.0"', 'le="+Inf"'])
  })

  it('can be read whatever the labels, their values and the numbers are', () => {
    const text = fc.oneof(anyText(10), fc.string({ unit: fc.constantFrom('"', '\\', '\n', 'n', ',', '}') }))
    const labels = fc.dictionary(text, text, { maxKeys: 3 })
    const sample = fc.record({ labels, value: fc.double() })
    fc.assert(fc.property(fc.array(sample, { minLength: 1, maxLength: 3 }), text, (samples, help) => {
      for (const format of ['prometheus', 'openmetrics'] as const) {
        const lines = exposition([{ ...COUNTER, help, samples }], format).split('\n').filter(line => line !== '' && !line.startsWith('# '))
        expect(lines).to.have.length(samples.length)
        expect(lines.filter(line => !SAMPLE.test(line))).to.deep.equal([])
      }
    }))
  })
})
