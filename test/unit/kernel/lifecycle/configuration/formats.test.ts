import { expect } from 'chai'
import fc from 'fast-check'
import { oneOf, Secret, type FormatName } from '../../../../../kernel/contract/index.js'
import { formatNames, inWords, isFormatName, ruleOf } from '../../../../../kernel/lifecycle/configuration/formats.js'

describe('formats of configuration values', () => {
  const parse = (format: FormatName, value: unknown): unknown => ruleOf(format).parse(value, '/etc/caxton')

  const cases: ReadonlyArray<readonly [FormatName, ReadonlyArray<readonly [unknown, unknown]>, readonly unknown[]]> = [
    ['string', [['', ''], ['a', 'a']], [1, true, null]],
    ['boolean', [[true, true], [false, false]], ['true', 1, null]],
    ['integer', [[0, 0], [-3, -3]], [1.5, '1', NaN, Infinity, 2 ** 60]],
    ['number', [[0.5, 0.5], [-1, -1]], ['1', NaN, Infinity]],
    ['duration', [['250ms', 250], ['1.5s', 1500], ['2m', 120_000], ['1h', 3_600_000], ['7d', 604_800_000], [5, 5],
      [0, 0], ['5 s', 5000]],
      ['5', '5 parsecs', '-5s', -1, '1e3s', 's', '', NaN, '99999999999999999d', '5constructor']],
    ['bytes', [['64KiB', 65_536], ['1GB', 1e9], ['1.5MiB', 1_572_864], ['12B', 12], [7, 7]],
      ['64kib', '64', '-1B', -1, '1PiB', '99999999TiB', '5valueOf']],
    ['port', [[0, 0], [65_535, 65_535]], [-1, 65_536, 1.5, '80']],
    ['host', [['localhost', 'localhost'], ['a-b.example.test.', 'a-b.example.test.'], ['::1', '::1'],
      ['10.0.0.1', '10.0.0.1']],
      ['', 'a b', '-a', '300.1.1.1', 'http://x', 'a..b', 'x'.repeat(254), 7]],
    ['address', [['h:1', 'h:1'], ['[::1]:50051', '[::1]:50051'], ['10.0.0.1:0', '10.0.0.1:0']],
      ['h', 'h:', '::1:5', 'h:65536', '[h]:1', '[10.0.0.1]:1', ':1', 'a b:1', 'h:1x']],
    ['path', [['data', '/etc/caxton/data'], ['/var/x', '/var/x'], ['../x', '/etc/x']], ['', 'a\0b', 3]],
  ]

  for (const [format, accepted, refused] of cases) {
    it(`read a ${format}`, () => {
      for (const [written, value] of accepted) expect(parse(format, written), String(written)).to.equal(value)
    })

    it(`refuse what is no ${format}`, () => {
      for (const written of refused) expect(parse(format, written), String(written)).to.equal(undefined)
    })
  }

  it('hide a secret', () => {
    const secret = parse('secret', 'hunter2')
    expect(secret).to.be.instanceOf(Secret)
    expect(JSON.stringify({ secret })).to.equal('{"secret":"[secret]"}')
    expect(secret instanceof Secret ? secret.reveal() : '').to.equal('hunter2')
    expect(parse('secret', '')).to.equal(undefined)
  })

  it('read one of a few words and no other', () => {
    const rule = ruleOf(oneOf('tcp', 'quic'))
    expect(rule.parse('quic', '/')).to.equal('quic')
    expect(rule.parse('QUIC', '/')).to.equal(undefined)
    expect(rule.parse('constructor', '/')).to.equal(undefined)
  })

  it('never throw, whatever stands in the file', () => {
    fc.assert(fc.property(fc.constantFrom(...formatNames().filter(isFormatName)),
      fc.oneof(fc.string(), fc.anything()), (format, value) => {
      parse(format, value)
    }), { numRuns: 1000 })
  })

  it('read a duration back from its words', () => {
    fc.assert(fc.property(fc.nat(), milliseconds => {
      expect(parse('duration', milliseconds === 0 ? 0 : inWords('duration', milliseconds))).to.equal(milliseconds)
    }), { numRuns: 200 })
  })

  it('write amounts in the largest unit that fits', () => {
    expect([inWords('duration', 5000), inWords('duration', 90_000), inWords('bytes', 65_536), inWords('integer', 7)])
      .to.deep.equal(['5s', '90s', '64KiB', '7'])
  })
})
