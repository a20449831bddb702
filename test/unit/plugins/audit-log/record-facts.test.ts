import { expect } from 'chai'
import { Secret, type AuditRecord } from '../../../../kernel/contract/index.js'
import { FactsOfRecords } from '../../../../plugins/audit-log/record-facts.js'

const RECORD: AuditRecord = {
  event: 'refused', operation: 'caxton.v1.Agents/Deploy', changes: true, resource: 'shop',
  principal: { name: 'key:ci', method: 'keys', roles: ['developer'] },
  origin: { face: 'api-grpc', address: '10.0.0.9', headers: new Map([['user-agent', 'curl']]), certificate: Buffer.from('DER') },
  trace: { traceId: '1'.repeat(32), spanId: '2'.repeat(16), sampled: false },
  result: 'UNAUTHORIZED', because: 'the key was revoked', credential: new Secret('cax_live_12345'),
}

describe('the facts of an audit record', () => {
  const facts = new FactsOfRecords(Buffer.alloc(32, 1))

  it('say who did what on what, from where, with which outcome, and exactly why', () => {
    const { credential, certificate, ...rest } = facts.of(RECORD)
    expect(rest).to.deep.equal({
      event: 'refused', operation: 'caxton.v1.Agents/Deploy', changes: true, resource: 'shop', principal: 'key:ci', method: 'keys',
      roles: ['developer'], address: '10.0.0.9', face: 'api-grpc', agent: 'curl', trace: '1'.repeat(32), result: 'UNAUTHORIZED',
      because: 'the key was revoked',
    })
    expect(certificate).to.match(/^sha256:[0-9a-f]{64}$/)
    expect(credential).to.match(/^hmac-sha256:[0-9a-f]{64}$/)
  })

  it('hold a credential only as a hash that is the same for the same credential, and another on another node', () => {
    expect(JSON.stringify(facts.of(RECORD))).not.to.contain('12345')
    expect(facts.of(RECORD)['credential']).to.equal(facts.hashOf('cax_live_12345'))
    expect(new FactsOfRecords(Buffer.alloc(32, 2)).hashOf('cax_live_12345')).not.to.equal(facts.hashOf('cax_live_12345'))
  })

  it('are bounded, whatever a caller chose', () => {
    const long = 'x'.repeat(100_000)
    const origin = { ...RECORD.origin, headers: new Map([['user-agent', long]]) }
    expect(JSON.stringify(facts.of({ ...RECORD, resource: long, because: long, origin })).length).to.be.lessThan(10_000)
  })
})
