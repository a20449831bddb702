import { expect } from 'chai'
import fc from 'fast-check'
import type { FinishedSpan } from '../../../../kernel/contract/index.js'
import { readLineText, lineText } from '../../../../plugins/telemetry-local/logs/line-text.js'
import { readingText, readReadings } from '../../../../plugins/telemetry-local/metrics/reading-text.js'
import { readSpan, readSpanText, spanText } from '../../../../plugins/telemetry-local/traces/span-text.js'
import { foundIn, idsIn } from '../../../../plugins/telemetry-local/traces/trace-peers.js'

const RUNS = process.env['CAXTON_TEST_LONG'] === '1' ? 20_000 : 500
const hex = (digits: number): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...'0123456789abcdef'), { minLength: digits, maxLength: digits }).map(all => all.join(''))
const moment = fc.double({ min: 0, max: 4e12, noNaN: true })

const spans: fc.Arbitrary<FinishedSpan> = fc.record({
  traceId: hex(32), spanId: hex(16), name: fc.string(), kind: fc.constantFrom('internal', 'server', 'client', 'producer', 'consumer'),
  startedAt: moment, endedAt: moment,
  attributes: fc.dictionary(fc.string().filter(name => name !== '__proto__'),
    fc.oneof(fc.string(), fc.boolean(), fc.integer()), { noNullPrototype: true }),
  parentSpanId: hex(16), failure: fc.string(),
}, { requiredKeys: ['traceId', 'spanId', 'name', 'kind', 'startedAt', 'endedAt', 'attributes'] })

describe('what is kept as text', () => {
  it('is a span that comes back as it was, in one line', () => {
    fc.assert(fc.property(spans, span => {
      const text = spanText(span)
      expect(text).not.to.include('\n')
      expect(readSpanText(text)).to.deep.equal(JSON.parse(text))
    }), { numRuns: RUNS })
  })

  it('is a line of the log that comes back as it was', () => {
    const line = { at: 1, level: 'warn', part: 'a', message: 'b\nc', fields: { trace: 'd', deep: { e: [1] } } } as const
    expect(readLineText(lineText(line))).to.deep.equal(line)
  })

  it('is a line without its fields where these can not be written', () => {
    const circle: Record<string, unknown> = {}
    circle['self'] = circle
    expect(readLineText(lineText({ at: 1, level: 'info', part: 'a', message: 'b', fields: circle }))?.fields).to.deep.equal({})
  })

  it('is a metric with all its series', () => {
    const face = { name: 'caxton_a_total', help: '', labelNames: ['b'] }
    const plain = readingText(5, { ...face, type: 'counter', samples: [{ labels: { b: 'c' }, value: 7 }] }) ?? ''
    expect(readReadings(plain, 'caxton_a_total')).to.deep.equal([{ at: 5, labels: { b: 'c' }, value: 7, count: 0 }])
    expect(readReadings(plain, 'caxton_a')).to.deep.equal([])
    const histogram = readingText(5, { ...face, type: 'histogram', samples: [{ labels: {}, value: 7, bounds: [1], counts: [1, 3] }] }) ?? ''
    expect(readReadings(histogram, 'caxton_a_total')).to.deep.equal([{ at: 5, labels: {}, value: 7, count: 3 }])
    expect(readingText(5, { ...face, type: 'gauge', samples: [] })).to.equal(undefined)
  })

  it('is nothing where it is damaged, and reading it never throws', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), text => {
      readSpanText(text)
      readLineText(text)
      readReadings(text, 'a')
    }), { numRuns: RUNS })
    const span = { traceId: 'A'.repeat(32), spanId: '1'.repeat(16), name: 'a', kind: 'server', startedAt: 0, endedAt: 0 }
    expect(readSpan(span)).to.equal(undefined)
    expect(readSpan({ ...span, traceId: 'a'.repeat(32), startedAt: '0' })).to.equal(undefined)
  })

  it('is read from other nodes without trusting them', () => {
    fc.assert(fc.property(fc.uint8Array(), fc.json(), (bytes, json) => {
      for (const each of [bytes, Buffer.from(json), Buffer.from(`{"spans":[${json}]}`)]) {
        foundIn(each)
        idsIn(each)
      }
    }), { numRuns: RUNS })
    expect(foundIn(Buffer.from('{"spans":[1,{}],"isCut":true}'))).to.deep.equal({ spans: [], isCut: true })
    expect(foundIn(Buffer.from('{}'))).to.equal(undefined)
    expect(idsIn(Buffer.from('["a",1]'))).to.deep.equal(['a'])
  })
})
