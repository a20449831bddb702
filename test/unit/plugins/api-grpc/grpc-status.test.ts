import { expect } from 'chai'
import fc from 'fast-check'
import { CaxtonError, Secret, type ErrorKind } from '../../../../kernel/contract/index.js'
import {
  errorOf, failureOf, kindOfStatus, TRAILER, type GrpcFailure,
} from '../../../../plugins/api-grpc/grpc-status.js'
import { addressOf } from '../../../../plugins/api-grpc/inbound-call.js'

const KINDS: readonly ErrorKind[] =
  ['invalid', 'not-found', 'exists', 'precondition', 'unauthenticated', 'denied', 'exhausted',
  'unavailable', 'timeout', 'cancelled', 'configuration', 'internal']

/** As trailers look on the other side of HTTP/2: bytes in base64. */
function overTheWire ({ message, trailers }: GrpcFailure): CaxtonError | undefined {
  const found =
    new Map(trailers.map(([name, value]) => [name, typeof value === 'string' ? value : value.toString('base64')]))
  return errorOf(message, name => found.get(name))
}

describe('gRPC status', () => {
  it('brings every declared error over whole', () => {
    fc.assert(fc.property(fc.constantFrom(...KINDS), fc.string({ maxLength: 200, unit: 'grapheme' }),
      fc.dictionary(fc.string({ maxLength: 20 }), fc.oneof(fc.string({ maxLength: 20 }), fc.integer()), { maxKeys: 5 }),
      (kind, text, details) => {
        const got = overTheWire(failureOf(new CaxtonError('SOME_CODE', kind, text, details, text), 'abc'))
        expect(got).to.include({ code: 'SOME_CODE', kind, message: text, remedy: text })
        expect(got?.details).to.deep.equal({ ...JSON.parse(JSON.stringify(details)) as object, traceId: 'abc' })
      }), { numRuns: 200 })
  })

  it('keeps the trailers of any error small, printable and well-formed', () => {
    const odd = fc.array(fc.constantFrom('a', 'é', '\u0000', '🙂', '\ud800', '"', ' '), { maxLength: 8 })
    const anyText = fc.tuple(odd, fc.nat(500)).map(([parts, times]) => parts.join('').repeat(times))
    fc.assert(fc.property(anyText, anyText, (a, b) => {
      const failure = failureOf(new CaxtonError(a, 'internal', `${b}\ud800`, { a, b }, b), a)
      const written = [encodeURI(failure.message), ...failure.trailers.map(([, value]) => value)]
      const size = written.reduce((sum, value) => sum + Buffer.byteLength(value), 0)
      expect(size).to.be.below(20_000)
      const texts = failure.trailers.flatMap(([, value]) => typeof value === 'string' ? [value] : [])
      for (const text of texts) expect(text).to.match(/^[\x21-\x7e]{0,128}$/)
    }), { numRuns: 30 })
  })

  it('cuts a long message without leaving half a character', () => {
    const { message } = failureOf(new CaxtonError('C', 'internal', '🙂'.repeat(2_000).slice(1), {}, ''), undefined)
    expect(() => encodeURI(message)).not.to.throw()
  })

  it('shows nothing of an undeclared error', () => {
    expect(JSON.stringify(failureOf(new Error('hunter2'), 'abc'))).not.to.include('hunter2')
    expect(failureOf('hunter2', undefined).status).to.equal(13)
  })

  it('writes big numbers and secrets of details as text, and leaves out details that can not be written', () => {
    const circle: { self?: object } = {}
    circle.self = circle
    const detailsOf = (details: object): object | undefined =>
      overTheWire(failureOf(new CaxtonError('C', 'internal', '', details, ''), undefined))?.details
    expect(detailsOf({ big: 2n ** 60n, key: new Secret('hunter2') }))
      .to.deep.equal({ big: '1152921504606846976', key: '[secret]' })
    expect(detailsOf(circle)).to.deep.equal({})
    expect(detailsOf({ long: 'x'.repeat(10_000) })).to.deep.equal({})
  })

  it('tells clients that try again by themselves when to do so, where the error says it', () => {
    const pushback = (retryAfter: unknown): unknown => {
      const { trailers } = failureOf(new CaxtonError('C', 'exhausted', '', { retryAfter }, ''), undefined)
      return trailers.find(([name]) => name === TRAILER.pushback)?.[1]
    }
    expect([pushback(12.5), pushback(0)]).to.deep.equal(['13', '0'])
    expect([-1, Infinity, 'soon', undefined].map(pushback).every(value => value === undefined)).to.equal(true)
  })

  it('takes trailers of others for what they are', () => {
    expect(errorOf('m', () => undefined)).to.equal(undefined)
    expect(errorOf('m', name => ({ [TRAILER.code]: 'X', [TRAILER.kind]: 'toString' })[name])).to.equal(undefined)
    const broken: Record<string, string> = { [TRAILER.code]: 'X', [TRAILER.kind]: 'denied', [TRAILER.details]: '!!' }
    expect(errorOf('m', name => broken[name])?.details).to.deep.equal({})
  })

  it('knows the nearest kind of a bare status', () => {
    expect([14, 8, 12, 99].map(kindOfStatus)).to.deep.equal(['unavailable', 'exhausted', 'internal', 'internal'])
  })
})

describe('peer address', () => {
  const peers: ReadonlyArray<readonly [string, string]> = [
    ['127.0.0.1:4711', '127.0.0.1'], ['::1:4711', '::1'], ['::ffff:10.0.0.1:4711', '10.0.0.1'],
    ['2001:db8::1:4711', '2001:db8::1'], ['unknown', 'unknown'],
  ]
  for (const [peer, address] of peers) {
    it(`of ${peer} is ${address}`, () => { expect(addressOf(peer)).to.equal(address) })
  }
})
