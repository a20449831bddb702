import { expect } from 'chai'
import fc from 'fast-check'
import type { FinishedSpan, LogLine, MetricSnapshot } from '../../../../kernel/contract/index.js'
import { logsRequest } from '../../../../plugins/telemetry-otlp/encoding/otlp-logs.js'
import { metricsRequest } from '../../../../plugins/telemetry-otlp/encoding/otlp-metrics.js'
import { tracesRequest } from '../../../../plugins/telemetry-otlp/encoding/otlp-traces.js'
import { attributesOf, nanosecondsOf } from '../../../../plugins/telemetry-otlp/encoding/otlp-values.js'
import { checkOtlp } from '../../../support/otlp-shapes.js'

const RUNS = process.env['CAXTON_TEST_LONG'] === '1' ? 10_000 : 60
const NOW = Date.UTC(2030, 0, 1)
const ORIGIN = { resource: { attributes: attributesOf({ 'service.name': 'caxton' }) }, scope: { name: 'caxton', version: '0.1.0' } }
const SPAN: FinishedSpan = {
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7', name: 'send bob', kind: 'producer',
  startedAt: NOW + 0.25, endedAt: NOW + 1.5, attributes: { text: 'a', whole: 3, part: 0.5, flag: true },
}
const LINE: LogLine = { at: NOW, level: 'warn', part: 'operations', message: 'slow', fields: {} }

/** As it arrives, and only if it has the shape that the specification wants. */
function sent (path: string, request: object): unknown {
  const arrived: unknown = JSON.parse(JSON.stringify(request))
  checkOtlp(path, arrived)
  return arrived
}

describe('OTLP', () => {
  it('tells times in nanoseconds, exactly', () => {
    expect(nanosecondsOf(1_893_456_000_000.25)).to.equal('1893456000000250000')
    expect(nanosecondsOf(-5)).to.equal('0')
  })

  it('tells spans with their parents, kinds, attributes and errors', () => {
    const failed = { ...SPAN, parentSpanId: '1'.repeat(16), kind: 'server', failure: 'FORBIDDEN' } as const
    const arrived = sent('/v1/traces', tracesRequest([SPAN, failed], ORIGIN))
    const spans = 'resourceSpans[0].scopeSpans[0].spans'
    expect(arrived).to.have.nested.property(`${spans}[0].kind`, 4)
    expect(arrived).to.have.nested.property(`${spans}[0].endTimeUnixNano`, `${NOW + 1}500000`)
    expect(arrived).to.deep.nested.include({ [`${spans}[0].status`]: {}, [`${spans}[1].status`]: { code: 2, message: 'FORBIDDEN' } })
    expect(arrived).to.deep.nested.include({
      [`${spans}[0].attributes`]: [
        { key: 'text', value: { stringValue: 'a' } }, { key: 'whole', value: { intValue: '3' } },
        { key: 'part', value: { doubleValue: 0.5 } }, { key: 'flag', value: { boolValue: true } },
      ],
    })
    expect(arrived).to.deep.nested.include({ [`${spans}[1].attributes[4]`]: { key: 'error.type', value: { stringValue: 'FORBIDDEN' } } })
  })

  it('tells lines with their severity, part and trace, and errors as exceptions', () => {
    const error = { name: 'TypeError', message: 'no', stack: 'TypeError: no\n  at a' }
    const fields = { trace: SPAN.traceId, error, deep: { a: [1] }, gone: undefined, empty: null }
    const arrived = sent('/v1/logs', logsRequest([{ ...LINE, fields }, { ...LINE, level: 'debug', fields: { trace: 'none' } }], ORIGIN))
    const records = 'resourceLogs[0].scopeLogs[0].logRecords'
    expect(arrived).to.deep.nested.include({
      [`${records}[0].traceId`]: SPAN.traceId, [`${records}[0].severityNumber`]: 13, [`${records}[0].body`]: { stringValue: 'slow' },
      [`${records}[0].attributes`]: attributesOf({
        'exception.stacktrace': error.stack, 'exception.type': 'TypeError', 'exception.message': 'no', 'deep': '{"a":[1]}', 'empty': 'null',
        'caxton.part': 'operations',
      }),
      [`${records}[1].severityText`]: 'DEBUG',
    })
    expect(arrived).not.to.have.nested.property(`${records}[1].traceId`)
  })

  it('tells counters as sums, gauges as gauges, and histograms by how many values are in each bucket', () => {
    const face = { help: 'Help.', labelNames: [] }
    const metrics: MetricSnapshot[] = [
      { ...face, name: 'caxton_a_total', type: 'counter', samples: [{ labels: { result: 'ok' }, value: 7 }] },
      { ...face, name: 'caxton_b_bytes', type: 'gauge', samples: [{ labels: {}, value: Infinity }] },
      { ...face, name: 'caxton_c_seconds', type: 'histogram', samples: [{ labels: {}, value: 2.5, bounds: [1, 2], counts: [1, 1, 4] }] },
      { ...face, name: 'caxton_empty', type: 'gauge', samples: [] },
    ]
    const arrived = sent('/v1/metrics', metricsRequest(metrics, { start: NOW, now: NOW + 1_000 }, ORIGIN))
    const at = 'resourceMetrics[0].scopeMetrics[0].metrics'
    expect(arrived).to.have.nested.property(at).with.length(3)
    expect(arrived).to.deep.nested.include({
      [`${at}[0].sum.isMonotonic`]: true, [`${at}[0].sum.dataPoints[0].asDouble`]: 7, [`${at}[0].unit`]: '',
      [`${at}[1].gauge.dataPoints[0].asDouble`]: 'Infinity', [`${at}[1].unit`]: 'By',
      [`${at}[2].histogram.dataPoints[0].bucketCounts`]: ['1', '0', '3'], [`${at}[2].histogram.dataPoints[0].count`]: '4',
      [`${at}[2].unit`]: 's',
    })
  })

  it('has the shape of the specification whatever spans and lines hold', function () {
    this.timeout(60_000)
    const attribute = fc.oneof(fc.string(), fc.boolean(), fc.double(), fc.integer())
    const attributes = fc.dictionary(fc.string({ minLength: 1 }), attribute, { noNullPrototype: true })
    fc.assert(fc.property(attributes, fc.string(), fc.option(fc.string(), { nil: undefined }), (given, name, failure) => {
      sent('/v1/traces', tracesRequest([{ ...SPAN, name, attributes: given, ...failure === undefined ? {} : { failure } }], ORIGIN))
    }), { numRuns: RUNS })
    fc.assert(fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue(), { noNullPrototype: true }), fields => {
      sent('/v1/logs', logsRequest([{ ...LINE, fields }], ORIGIN))
    }), { numRuns: RUNS })
  })
})
