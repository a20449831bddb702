import { expect } from 'chai'
import sinon from 'sinon'
import type { Principal } from '../../../../../kernel/contract/index.js'
import { ADA, call, named, refusal, scene, type Handle, type Scene } from '../../../../support/chain-scene.js'

describe('operation chain', () => {
  it('takes every step of a change, in order', async () => {
    const { chain, steps } = scene()
    expect(await chain.unary(named(chain, 'Write'), {}, call())).to.include({ count: 1, $typeName: 'acme.v1.Note' })
    expect(steps).to.deep.equal(['admit', 'authenticate', 'authorize', 'admit key:ada', 'intent', 'act', 'outcome'])
  })

  it('records no intent of what changes nothing', async () => {
    const { chain, steps } = scene()
    await chain.unary(named(chain, 'Read'), {}, call())
    expect(steps).to.deep.equal(['admit', 'authenticate', 'authorize', 'admit key:ada', 'act', 'outcome'])
  })

  it('serves everyone as anonymous where nothing is configured', async () => {
    const seen: Principal[] = []
    const read: Handle = async (_request, context) => { seen.push(context.principal); return {} }
    const { chain } = scene({ read }, { authenticators: [], authorizer: undefined, admissions: [], audit: undefined })
    await chain.unary(named(chain, 'Read'), {}, call())
    expect(seen).to.deep.equal([{ name: 'anonymous', method: 'none', roles: [] }])
  })

  it('stops at the first admission that refuses, before anybody looks at the credential', async () => {
    const { chain, steps, records } = scene({}, { admissions: [
      { instance: 'limit', service: { admit: () => ({ admitted: false, retryAfter: 250, because: 'too many' }) } },
    ] })
    const error = await refusal(chain.unary(named(chain, 'Write'), {}, call()))
    expect(error).to.include({ code: 'RATE_LIMITED', kind: 'exhausted' })
    expect(error.details).to.include({ retryAfter: 250 })
    expect(steps).to.deep.equal(['refused'])
    expect(records[0]).to.include({ result: 'RATE_LIMITED', operation: 'acme.v1.Clockwork/Write' })
    expect(records[0]?.principal.name).to.equal('unauthenticated')
  })

  it('asks authenticators in order until one knows the credential', async () => {
    const asked: string[] = []
    const keeper = (instance: string, principal: Principal | undefined) =>
      ({ instance, service: { authenticate: async () => { asked.push(instance); return principal } } })
    const { chain, records } =
      scene({}, { authenticators: [keeper('keys', undefined), keeper('jwt', ADA), keeper('mtls', undefined)] })
    await chain.unary(named(chain, 'Read'), {}, call())
    expect(asked).to.deep.equal(['keys', 'jwt'])
    expect(records[0]?.principal).to.equal(ADA)
  })

  it('lets authentication failures look alike from outside, and tells them apart in the log', async () => {
    const failing = (authenticate: () => Promise<Principal | undefined>): Scene =>
      scene({}, { authenticators: [{ instance: 'keys', service: { authenticate } }] })
    const scenes = [failing(async () => undefined), failing(async () => { throw new Error('the key was revoked') })]
    const errors = []
    for (const { chain } of scenes) {
      errors.push(await refusal(chain.unary(named(chain, 'Write'), {}, call({ authorization: 'x' }))))
    }
    const outside = errors.map(({ code, kind, message, details, remedy }) => ({ code, kind, message, details, remedy }))
    expect(outside[0]).to.deep.equal(outside[1]).and.to.include({ code: 'UNAUTHORIZED', kind: 'unauthenticated' })
    expect(scenes[1]?.log.lines[0]?.fields.because).to.have.property('message', 'the key was revoked')
    expect(scenes.map(({ steps }) => steps)).to.deep.equal([['admit', 'refused'], ['admit', 'refused']])
  })

  it('tells admissions of callers that did not prove who they are, without what they showed', async () => {
    const unproven = sinon.fake()
    const service = { admit: () => ({ admitted: true } as const), unproven }
    const admissions = [{ instance: 'limit', service }]
    const { chain } = scene({}, { admissions, authenticators: [{ instance: 'keys', service: { authenticate: async () => undefined } }] })
    await refusal(chain.unary(named(chain, 'Read'), {}, call({ authorization: 'x' })))
    await scene({}, { admissions }).chain.unary(named(chain, 'Read'), {}, call())
    sinon.assert.calledOnce(unproven)
    expect(unproven.firstCall.args[0]).to.deep.equal({ face: 'test', address: '127.0.0.1', headers: new Map() })
  })

  it('refuses when authentication does not answer in time', async () => {
    const { chain, clock } =
      scene({}, { authenticators: [{ instance: 'slow', service: { authenticate: () => new Promise(() => {}) } }] })
    const refused = refusal(chain.unary(named(chain, 'Read'), {}, call()))
    await clock.pass(10_000)
    expect((await refused).code).to.equal('UNAUTHORIZED')
    expect(clock.pending).to.equal(0)
  })

  it('names the missing right to a caller that is known', async () => {
    const { chain, steps } =
      scene({}, { authorizer: { decide: () => ({ allowed: false, because: 'no role grants it' }) } })
    const error = await refusal(chain.unary(named(chain, 'Write'), {}, call()))
    expect(error).to.include({ code: 'FORBIDDEN', kind: 'denied' })
    expect(error.message)
      .to.equal('"key:ada" lacks the right "notes:write" for "acme.v1.Clockwork/Write": no role grants it')
    expect(steps).to.deep.equal(['admit', 'authenticate', 'refused'])
  })

  it('asks the authorizer about the thing that the request names, and about the registered right', async () => {
    const decide = sinon.fake.returns({ allowed: true, because: '' })
    const { chain } = scene({}, { authorizer: { decide } })
    await chain.unary({ ...named(chain, 'Read'), right: 'forged' }, { name: 'diary' }, call())
    sinon.assert.calledOnceWithExactly(decide, ADA, named(chain, 'Read'), 'diary')
  })

  it('does not begin a change whose intent can not be put on record', async () => {
    const { chain, steps, log } = scene({}, { audit: { record: async record => {
      if (record.event === 'intent') throw new Error('disk full')
    } } })
    const error = await refusal(chain.unary(named(chain, 'Write'), {}, call()))
    expect(error).to.include({ code: 'AUDIT_UNAVAILABLE', kind: 'unavailable' })
    expect(steps).not.to.include('act')
    expect(log.lines.map(line => line.message)).to.deep.equal(['a record for the audit log was lost'])
  })

  it('puts on record exactly why a caller was not let in, what it showed only as a secret', async () => {
    const { chain, records } = scene({}, { authenticators: [{ instance: 'keys', service: {
      authenticate: async () => { throw new Error('the key was revoked; it came as Bearer abcdefgh12345') },
    } }] })
    await refusal(chain.unary(named(chain, 'Write'), { name: 'diary' }, call({ authorization: 'Bearer abcdefgh12345' })))
    expect(records[0]).to.include({
      event: 'refused', result: 'UNAUTHORIZED', changes: true, because: 'the key was revoked; it came as Bearer [secret]',
    })
    expect(records[0]?.credential?.reveal()).to.equal('abcdefgh12345')
    expect(JSON.stringify(records[0])).not.to.contain('abcdefgh')
    expect([...records[0]?.origin.headers.keys() ?? []]).to.deep.equal([])
  })

  it('puts on record what a call was about, and which rule refused it', async () => {
    const { chain, records } = scene({}, { authorizer: { decide: () => ({ allowed: false, because: 'no role grants it' }) } })
    await refusal(chain.unary(named(chain, 'Read'), { name: 'diary' }, call({ 'x-caxton-api-key': 'cax_1' })))
    expect(records[0]).to.include({ resource: 'diary', changes: false, result: 'FORBIDDEN' })
    expect(records[0]?.because).to.contain('no role grants it')
    expect(records[0]?.credential?.reveal()).to.equal('cax_1')
  })

  it('puts what is no operation on record too', async () => {
    const { chain, events } = scene()
    chain.note({ event: 'security', what: 'certificate-rotated', resource: 'node-1', result: 'ok' })
    expect(events).to.deep.equal([{ event: 'security', what: 'certificate-rotated', resource: 'node-1', result: 'ok' }])
  })

  it('does not wait for ever for the audit log', async () => {
    const { chain, clock } = scene({}, { audit: { record: () => new Promise(() => {}) } })
    const refused = refusal(chain.unary(named(chain, 'Write'), {}, call()))
    await clock.pass(20_000)
    expect((await refused).code).to.equal('AUDIT_UNAVAILABLE')
  })

  it('answers a change that was made even when its outcome can not be put on record', async () => {
    const { chain, metrics } = scene({}, { audit: { record: async record => {
      if (record.event === 'outcome') throw new Error('disk full')
    } } })
    expect(await chain.unary(named(chain, 'Write'), {}, call())).to.include({ count: 1 })
    expect(metrics.snapshot('caxton_audit_lost_total')[0]?.samples)
      .to.deep.equal([{ labels: { event: 'outcome' }, value: 1 }])
  })
})
