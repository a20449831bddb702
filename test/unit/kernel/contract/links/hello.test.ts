import { expect } from 'chai'
import fc from 'fast-check'
import { disagreement, encodeHello, parseHello, versionRangeOf, type Hello } from '../../../../../kernel/contract/links/hello.js'
import { MalformedInput } from '../../../../../kernel/contract/links/malformed-input.js'
import { SeededRandom } from '../../../../support/seeded-random.js'

const LONG = process.env['CAXTON_TEST_LONG'] === '1'
const RUNS = { numRuns: LONG ? 50_000 : 300 }
const MUTANTS = LONG ? 500_000 : 2_000

const hello = (version = '0.1.0', more: Partial<Hello> = {}): Hello => ({
  nodeId: 'node-a', protocol: [1, 1], caxton: versionRangeOf(version), largestFrame: 2 ** 21, compression: false, nonce: undefined, ...more,
})

const hellos = fc.record({
  nodeId: fc.stringMatching(/^[\x21-\x7e]{1,255}$/),
  protocol: fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 9, max: 20 })),
  caxton: fc.tuple(fc.nat(99), fc.nat(99), fc.nat(99)).map(parts => versionRangeOf(parts.join('.'))),
  largestFrame: fc.integer({ min: 1024, max: 2 ** 24 - 1 }),
  compression: fc.boolean(),
  nonce: fc.option(fc.uint8Array({ minLength: 32, maxLength: 32 }).map(bytes => Buffer.from(bytes).toString('base64')), { nil: undefined }),
})

/** A hello, or the class of what was thrown. */
const read = (bytes: Uint8Array): unknown => {
  try {
    return parseHello(bytes)
  } catch (error) {
    return error instanceof MalformedInput ? 'malformed' : error
  }
}

describe('Hello', () => {
  it('is read as it was written', () => {
    fc.assert(fc.property(hellos, each => { expect(parseHello(encodeHello(each))).to.deep.equal(each) }), RUNS)
  })

  it('is a hello or malformed, whatever JSON it is', () => {
    fc.assert(fc.property(fc.json(), text => { expect(read(new TextEncoder().encode(text))).to.equal('malformed') }), RUNS)
  })

  it(`is a hello or malformed, in ${MUTANTS} mutants`, () => {
    const random = new SeededRandom(Number(process.env['CAXTON_TEST_SEED'] ?? 1))
    for (let i = 0; i < MUTANTS; i++) {
      const bytes = encodeHello(hello())
      for (let n = 0; n < 1 + random.fraction() * 3; n++) bytes[Math.floor(random.fraction() * bytes.length)] = random.fraction() * 256
      const result = read(bytes)
      expect(result === 'malformed' || (typeof result === 'object' && result !== null && 'nodeId' in result)).to.equal(true)
    }
  })

  it('leaves aside what it does not know', () => {
    const later = new TextEncoder().encode(JSON.stringify({ ...hello(), zone: 'b' }))
    expect(parseHello(later)).to.deep.equal(hello())
  })

  for (const [field, value] of Object.entries({
    nodeId: 'node a', protocol: [2, 1], caxton: { version: '1' }, largestFrame: 10, nonce: 'short',
  })) {
    it(`is malformed with ${field} = ${JSON.stringify(value)}`, () => {
      expect(read(new TextEncoder().encode(JSON.stringify({ ...hello(), [field]: value })))).to.equal('malformed')
    })
  }

  it('agrees between versions that are one minor version apart, and not with others', () => {
    const works = (one: string, other: string): boolean => disagreement(hello(one), hello(other)) === undefined
    for (const other of ['0.4.0', '0.5.9', '0.6.1', '0.5.0-rc.1']) expect(works('0.5.2', other), other).to.equal(true)
    for (const other of ['0.3.9', '0.7.0', '1.5.2', '1.0.0']) expect(works('0.5.2', other), other).to.equal(false)
  })

  it('agrees or not, whichever side asks', () => {
    fc.assert(fc.property(hellos, hellos, (one, other) => {
      expect(disagreement(one, other) === undefined).to.equal(disagreement(other, one) === undefined)
    }), RUNS)
  })

  it('lets the newer version say with which older ones it works', () => {
    const newer = hello('1.0.0', { caxton: { version: '1.0.0', oldest: '0.9', newest: '1.1' } })
    expect(disagreement(hello('0.9.4'), newer)).to.equal(undefined)
    expect(disagreement(hello('0.8.0'), newer)).to.equal(
      'it runs Caxton 1.0.0, which works with 0.9 to 1.1; this node runs 0.8.0, which works with 0.7 to 0.9')
  })

  it('names both ranges of the link protocol where they do not meet', () => {
    const reason = disagreement(hello('0.1.0', { protocol: [1, 2] }), hello('0.1.0', { protocol: [3, 4] }))
    expect(reason).to.equal('it speaks versions 3 to 4 of the link protocol, and this node 1 to 2')
  })
})
