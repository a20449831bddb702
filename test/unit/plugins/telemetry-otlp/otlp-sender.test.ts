import { expect } from 'chai'
import fc from 'fast-check'
import { gunzipSync } from 'node:zlib'
import { Secret, type WebAnswer, type WebRequest } from '../../../../kernel/contract/index.js'
import { attributesIn, headersOf } from '../../../../plugins/telemetry-otlp/otlp-settings.js'
import { OtlpSender, rejectedIn, urlOf, waitOf, type Outcome } from '../../../../plugins/telemetry-otlp/sending/otlp-sender.js'
import { codeOf } from '../../../support/code-of.js'
import { VirtualClock } from '../../../support/virtual-clock.js'

const SIGNAL = new AbortController().signal

interface Exchanged {
  readonly outcome: Outcome
  readonly request: WebRequest
}

async function outcomeOf (answer: WebAnswer | Error, compress = true): Promise<Exchanged> {
  const asked: WebRequest[] = []
  const web = { ask: async (request: WebRequest): Promise<WebAnswer> => {
    asked.push(request)
    if (answer instanceof Error) throw answer
    return answer
  } }
  const terms = { endpoint: new URL('https://otlp.test/tenant/'), headers: { authorization: 'Bearer x' }, compress }
  const outcome = await new OtlpSender(terms, web, new VirtualClock()).send('v1/traces', { a: 1 }, SIGNAL)
  const [request] = asked
  if (request === undefined) throw new Error('nothing was asked')
  return { outcome, request }
}

describe('a request to a collector', () => {
  it('is JSON, compressed, below the endpoint, with the headers that are wanted', async () => {
    const { request } = await outcomeOf({ status: 200, body: '{}' })
    expect(request.url.href).to.equal('https://otlp.test/tenant/v1/traces')
    expect(request.headers).to.deep.equal({ 'authorization': 'Bearer x', 'content-type': 'application/json', 'content-encoding': 'gzip' })
    expect(gunzipSync(Buffer.from(request.body ?? '')).toString()).to.equal('{"a":1}')
    const plain = await outcomeOf({ status: 200, body: '{}' }, false)
    expect(plain.request.body).to.equal('{"a":1}')
    expect(plain.request.headers).not.to.have.property('content-encoding')
  })

  it('is repeated after the statuses that the specification names, and without an answer; no others', async () => {
    for (const [status, kind] of [[200, 'taken'], [202, 'taken'], [429, 'later'], [502, 'later'], [503, 'later'], [504, 'later'],
      [400, 'refused'], [401, 'refused'], [404, 'refused'], [500, 'refused'], [301, 'refused']] as const) {
      expect((await outcomeOf({ status, body: '' })).outcome.kind, String(status)).to.equal(kind)
    }
    expect((await outcomeOf(new Error('connect ECONNREFUSED'))).outcome)
      .to.deep.equal({ kind: 'later', wait: undefined, because: 'connect ECONNREFUSED' })
    expect((await outcomeOf({ status: 503, body: 'busy', headers: { 'retry-after': '7' } })).outcome)
      .to.deep.equal({ kind: 'later', wait: 7_000, because: 'the collector answered 503: busy' })
  })

  it('has the wait that the collector asks for, in seconds or until a time, within bounds', () => {
    const now = Date.UTC(2030, 0, 1)
    expect([undefined, '3', ' 0 ', 'Tue, 01 Jan 2030 00:00:09 GMT', 'Mon, 31 Dec 2029 23:00:00 GMT', '99999999', 'soon']
      .map(header => waitOf(header, now))).to.deep.equal([undefined, 3_000, 0, 9_000, 0, 300_000, undefined])
  })

  it('may be taken in part', () => {
    expect(rejectedIn('{"partialSuccess":{"rejectedSpans":"3","errorMessage":"too old"}}'))
      .to.deep.equal({ rejected: 3, because: 'too old' })
    expect(rejectedIn('{"partialSuccess":{"rejectedLogRecords":2}}')).to.deep.equal({ rejected: 2, because: '' })
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json(), fc.json().map(json => `{"partialSuccess":${json}}`)), body => {
      expect(rejectedIn(body).rejected).to.be.at.least(0)
    }))
  })

  it('goes to the endpoint however that is written', () => {
    expect(['http://a:4318', 'http://a:4318/', 'http://a/x//'].map(url => urlOf(new URL(url), 'v1/logs').href))
      .to.deep.equal(['http://a:4318/v1/logs', 'http://a:4318/v1/logs', 'http://a/x/v1/logs'])
  })

  it('has headers and attributes as they were written, and a mistake in them is not shown', async () => {
    expect(headersOf([new Secret('Authorization: Bearer a:b=c')])).to.deep.equal({ authorization: 'Bearer a:b=c' })
    expect(attributesIn(['deployment.environment.name=a=b'])).to.deep.equal({ 'deployment.environment.name': 'a=b' })
    for (const text of ['no colon', 'a b: c', 'a: b\r\nc: d']) {
      expect(await codeOf((async () => headersOf([new Secret(text)]))())).to.equal('OTLP_SETTING_INVALID')
    }
    expect(await codeOf((async () => attributesIn(['=x']))())).to.equal('OTLP_SETTING_INVALID')
  })
})
