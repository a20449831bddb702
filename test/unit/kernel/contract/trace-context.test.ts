import { expect } from 'chai'
import fc from 'fast-check'
import { childOf, formatTraceparent, newTrace, parseTraceparent } from '../../../../kernel/contract/index.js'
import { SeededRandom } from '../../../support/seeded-random.js'

const EXAMPLE = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
const hex = (digits: number): fc.Arbitrary<string> =>
  fc.array(fc.constantFrom(...'0123456789abcdef'), { minLength: digits, maxLength: digits }).map(all => all.join(''))
    .filter(id => /[^0]/.test(id))

describe('traceparent', () => {
  it('reads the example of the specification', () => {
    expect(parseTraceparent(EXAMPLE)).to.deep.equal({
      traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7', sampled: true,
    })
  })

  const invalid: ReadonlyArray<readonly [string, string]> = [
    ['an empty header', ''],
    ['upper-case digits', EXAMPLE.toUpperCase()],
    ['a trace id of zeros', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`],
    ['a span id of zeros', `00-4bf92f3577b34da6a3ce929d0e0e4736-${'0'.repeat(16)}-01`],
    ['the forbidden version', EXAMPLE.replace(/^00/, 'ff')],
    ['version 00 with more fields', `${EXAMPLE}-more`],
    ['a short trace id', EXAMPLE.replace('4bf9', '')],
    ['a space before', ` ${EXAMPLE}`],
    ['a line break after', `${EXAMPLE}\n`],
    ['a digit too many in the flags of a higher version', EXAMPLE.replace(/^00/, '01') + '1'],
    ['an endless header of a higher version', `${EXAMPLE.replace(/^00/, '01')}-${'a'.repeat(1_000)}`],
  ]
  for (const [what, header] of invalid) {
    it(`refuses ${what}`, () => { expect(parseTraceparent(header)).to.equal(undefined) })
  }

  it('reads a higher version as far as version 00 goes', () => {
    expect(parseTraceparent(`${EXAMPLE.replace(/^00/, 'cc')}-what-comes`)).to.deep.equal(parseTraceparent(EXAMPLE))
  })

  it('looks at the sampled bit only', () => {
    expect(parseTraceparent(EXAMPLE.replace(/01$/, 'fe'))?.sampled).to.equal(false)
    expect(parseTraceparent(EXAMPLE.replace(/01$/, 'ff'))?.sampled).to.equal(true)
  })

  it('reads back whatever it wrote', () => {
    fc.assert(fc.property(hex(32), hex(16), fc.boolean(), (traceId, spanId, sampled) => {
      expect(parseTraceparent(formatTraceparent({ traceId, spanId, sampled })))
        .to.deep.equal({ traceId, spanId, sampled })
    }), { numRuns: 200 })
  })

  it('takes any text without throwing, and only well-formed ids out of it', () => {
    const mutated = fc.tuple(fc.nat(EXAMPLE.length), fc.string({ maxLength: 4 }))
      .map(([at, text]) => EXAMPLE.slice(0, at) + text + EXAMPLE.slice(at + text.length))
    fc.assert(fc.property(fc.oneof(fc.string(), mutated), text => {
      const trace = parseTraceparent(text)
      if (trace === undefined) return
      expect(trace.traceId).to.match(/^(?!0+$)[0-9a-f]{32}$/)
      expect(trace.spanId).to.match(/^(?!0+$)[0-9a-f]{16}$/)
    }), { numRuns: 1_000 })
  })
})

describe('trace context', () => {
  it('makes ids that parse', () => {
    const trace = newTrace(new SeededRandom(1))
    expect(parseTraceparent(formatTraceparent(trace))).to.deep.equal(trace)
  })

  it('never makes an id of zeros', () => {
    const zeros = { fraction: () => 0, bytes: (count: number) => new Uint8Array(count) }
    expect(parseTraceparent(formatTraceparent(newTrace(zeros)))).not.to.equal(undefined)
  })

  it('keeps trace and sampling in a child, with a span of its own', () => {
    const parent = newTrace(new SeededRandom(1), false)
    const child = childOf(parent, new SeededRandom(2))
    expect(child).to.include({ traceId: parent.traceId, sampled: false })
    expect(child.spanId).not.to.equal(parent.spanId)
  })
})
