import { expect } from 'chai'
import sinon from 'sinon'
import {
  defineError, isCaxtonError, type AuditRecord, type Call, type CaxtonError, type OperationContext, type OperationInfo,
  type Principal,
} from '../../../../../kernel/contract/index.js'
import { MetricsRegistry } from '../../../../../kernel/observability/metrics.js'
import { MOST_IN_FLIGHT } from '../../../../../kernel/routing/operations/calls-in-flight.js'
import { OperationChain, type ChainParts } from '../../../../../kernel/routing/operations/operation-chain.js'
import { OperationRegistry } from '../../../../../kernel/routing/operations/operation-registry.js'
import { RecordingLogger } from '../../../../support/recording-logger.js'
import { SeededRandom } from '../../../../support/seeded-random.js'
import { strangerService } from '../../../../support/stranger-service.js'
import { settled, VirtualClock } from '../../../../support/virtual-clock.js'

const SERVICE = strangerService([
  { name: 'Read', right: 'notes:read' },
  { name: 'Write', right: 'notes:write', changes: true },
  { name: 'Follow', right: 'notes:read', givesStream: true },
  { name: 'Upload', right: 'notes:write', changes: true, takesStream: true },
])
const ADA: Principal = { name: 'key:ada', method: 'keys', roles: [] }
const Full = defineError({
  code: 'FULL', kind: 'exhausted', meaning: 'Full.', remedy: 'Empty it.', sentence: (_details: object) => 'full',
})

type Handle = (request: unknown, context: OperationContext) => unknown

interface Scene {
  readonly chain: OperationChain
  readonly log: RecordingLogger
  readonly clock: VirtualClock
  readonly metrics: MetricsRegistry
  readonly records: AuditRecord[]
  readonly steps: string[]
}

function scene (handlers: Readonly<Record<string, Handle>> = {}, parts: Partial<ChainParts> = {}): Scene {
  const log = new RecordingLogger()
  const clock = new VirtualClock()
  const metrics = new MetricsRegistry()
  const records: AuditRecord[] = []
  const steps: string[] = []
  const registry = new OperationRegistry()
  const act: Handle = async () => { steps.push('act'); return { count: 1 } }
  const all = { read: act, write: act, follow: act, upload: act, ...handlers }
  registry.add({ instance: 'notes', service: SERVICE, handlers: all })
  const chain = new OperationChain({
    registry, log, clock, metrics,
    random: new SeededRandom(1),
    admissions: [{ instance: 'limit', service: { admit: (_origin, _operation, principal) => {
      steps.push(principal === undefined ? 'admit' : `admit ${principal.name}`)
      return { admitted: true }
    } } }],
    authenticators: [{ instance: 'keys', service: { authenticate: async () => {
      steps.push('authenticate')
      return ADA
    } } }],
    authorizer: { decide: () => { steps.push('authorize'); return { allowed: true, because: 'all may' } } },
    audit: { record: async record => { steps.push(record.event); records.push(record) } },
    ...parts,
  })
  return { chain, log, clock, metrics, records, steps }
}

function call (headers: Readonly<Record<string, string>> = {}, signal = new AbortController().signal): Call {
  return { origin: { face: 'test', address: '127.0.0.1', headers: new Map(Object.entries(headers)) }, signal }
}

function named (chain: OperationChain, name: string): OperationInfo {
  const found = chain.list().find(operation => operation.name === `acme.v1.Clockwork/${name}`)
  if (found === undefined) throw new Error(`no operation ${name}`)
  return found
}

async function refusal (work: Promise<unknown>): Promise<CaxtonError> {
  try {
    await work
  } catch (error) {
    if (isCaxtonError(error)) return error
    throw error
  }
  throw new Error('nothing was refused')
}

async function all (items: AsyncIterable<unknown>): Promise<unknown[]> {
  const list: unknown[] = []
  for await (const item of items) list.push(item)
  return list
}

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

  it('hands a declared error through and puts its code on record', async () => {
    const { chain, records } = scene({ write: async () => { throw Full({}) } })
    const error = await refusal(chain.unary(named(chain, 'Write'), {}, call()))
    expect(error).to.include({ code: 'FULL', kind: 'exhausted' })
    expect(records.map(({ event, result }) => ({ event, result }))).to.deep.equal([
      { event: 'intent', result: undefined }, { event: 'outcome', result: 'FULL' },
    ])
    expect(chain.traceOf(error)).to.equal(records[0]?.trace.traceId)
  })

  it('hides an unforeseen error behind a trace id and logs it with its stack', async () => {
    const broken = new Error('cannot read properties of undefined')
    const { chain, log } = scene({ read: async () => { throw broken } })
    const error = await refusal(chain.unary(named(chain, 'Read'), {}, call()))
    expect(error).to.include({ code: 'INTERNAL_ERROR', kind: 'internal' })
    expect(error.message).not.to.include('undefined')
    expect(log.lines[0]?.fields).to.include({ error: broken, trace: chain.traceOf(error) })
  })

  it('continues the caller\'s trace with a span of its own, or begins one', async () => {
    const { chain, records } = scene()
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
    await chain.unary(named(chain, 'Read'), {}, call({ traceparent: `00-${traceId}-00f067aa0ba902b7-01` }))
    await chain.unary(named(chain, 'Read'), {}, call({ traceparent: 'nonsense' }))
    expect(records[0]?.trace).to.include({ traceId, sampled: true })
    expect(records[0]?.trace.spanId).not.to.equal('00f067aa0ba902b7')
    expect(records[1]?.trace.traceId).to.match(/^[0-9a-f]{32}$/).and.not.to.equal(traceId)
  })

  it('shows credentials to authenticators only', async () => {
    const authenticate = sinon.fake.resolves(ADA)
    const read = sinon.fake.resolves({})
    const { chain, records } = scene({ read }, { authenticators: [{ instance: 'keys', service: { authenticate } }] })
    const headers = { 'authorization': 'Bearer x', 'x-acme-key': 'y', 'user-agent': 'test' }
    await chain.unary(named(chain, 'Read'), {}, call(headers))
    expect([...authenticate.firstCall.args[0].headers.keys()])
      .to.deep.equal(['authorization', 'x-acme-key', 'user-agent'])
    expect([...read.firstCall.args[1].origin.headers.keys()]).to.deep.equal(['user-agent'])
    expect([...records[0]?.origin.headers.keys() ?? []]).to.deep.equal(['user-agent'])
  })

  it('measures every call by operation and result', async () => {
    const { chain, metrics, clock } =
      scene({ read: async () => { clock.advance(70); return {} }, write: async () => { throw Full({}) } })
    await chain.unary(named(chain, 'Read'), {}, call())
    await refusal(chain.unary(named(chain, 'Write'), {}, call()))
    expect(metrics.snapshot('caxton_operations_total')[0]?.samples).to.deep.equal([
      { labels: { operation: 'acme.v1.Clockwork/Read', result: 'ok' }, value: 1 },
      { labels: { operation: 'acme.v1.Clockwork/Write', result: 'FULL' }, value: 1 },
    ])
    const [duration] = metrics.snapshot('caxton_operation_duration_seconds')[0]?.samples ?? []
    expect(duration?.value).to.be.closeTo(0.07, 1e-9)
    expect(metrics.snapshot('caxton_operations_open')[0]?.samples[0]?.value).to.equal(0)
  })

  it('tells the handler when the caller leaves, and records that it was cancelled', async () => {
    const leaving = new AbortController()
    const write: Handle = (_request, { signal }) => new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => { reject(signal.reason as Error) })
    })
    const { chain, records } = scene({ write })
    const refused = refusal(chain.unary(named(chain, 'Write'), {}, call({}, leaving.signal)))
    await settled()
    leaving.abort()
    expect((await refused).code).to.equal('CALL_CANCELLED')
    expect(records.at(-1)).to.include({ event: 'outcome', result: 'CALL_CANCELLED' })
  })

  it('refuses a caller that left before its turn, without acting', async () => {
    const { chain, steps } = scene()
    const error = await refusal(chain.unary(named(chain, 'Write'), {}, call({}, AbortSignal.abort())))
    expect(error.code).to.equal('CALL_CANCELLED')
    expect(steps).to.deep.equal(['refused'])
  })

  it('does not begin a change for a caller that left while it was being let in', async () => {
    const leaving = new AbortController()
    const { chain, steps } =
      scene({}, { authorizer: { decide: () => { leaving.abort(); return { allowed: true, because: '' } } } })
    expect((await refusal(chain.unary(named(chain, 'Write'), {}, call({}, leaving.signal)))).code)
      .to.equal('CALL_CANCELLED')
    expect(steps).not.to.include('intent').and.not.to.include('act')
  })

  it('bounds the calls under way, and makes room when one ends', async () => {
    let finish: (() => void) | undefined
    const blocked = new Promise<object>(resolve => { finish = () => { resolve({}) } })
    const { chain } = scene({ read: () => blocked })
    const read = (): Promise<unknown> => chain.unary(named(chain, 'Read'), {}, call())
    const running = Array.from({ length: MOST_IN_FLIGHT.call }, read)
    await settled()
    expect((await refusal(read())).code).to.equal('RATE_LIMITED')
    finish?.()
    await Promise.all(running)
    await read()
  })

  it('aborts what is under way when it stops, and takes nothing new', async () => {
    const read: Handle = (_request, { signal }) => new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => { reject(signal.reason as Error) })
    })
    const { chain } = scene({ read })
    const refused = refusal(chain.unary(named(chain, 'Read'), {}, call()))
    await settled()
    chain.stop()
    expect((await refused).code).to.equal('CALL_CANCELLED')
    expect((await refusal(chain.unary(named(chain, 'Read'), {}, call()))).code).to.equal('CALL_CANCELLED')
  })
})

describe('operation chain with streams', () => {
  it('hands on a stream of answers as whole messages', async () => {
    const { chain, steps } = scene({ follow: async function * () { yield { count: 1 }; yield { count: 2 } } })
    const answers = await all(chain.serverStream(named(chain, 'Follow'), {}, call()))
    expect(answers).to.have.length(2)
    expect(answers[1]).to.include({ count: 2, name: '', $typeName: 'acme.v1.Note' })
    expect(steps.at(-1)).to.equal('outcome')
  })

  it('refuses a stream before its first answer', async () => {
    const { chain, records } = scene({}, { authorizer: { decide: () => ({ allowed: false, because: 'no' }) } })
    expect((await refusal(all(chain.serverStream(named(chain, 'Follow'), {}, call())))).code).to.equal('FORBIDDEN')
    expect(records.map(record => record.event)).to.deep.equal(['refused'])
  })

  it('ends a stream when the caller leaves, even if the handler never answers again', async () => {
    const leaving = new AbortController()
    const { chain, records } =
      scene({ follow: async function * () { yield { count: 1 }; await new Promise(() => {}) } })
    const refused = refusal(all(chain.serverStream(named(chain, 'Follow'), {}, call({}, leaving.signal))))
    await settled()
    leaving.abort()
    expect((await refused).code).to.equal('CALL_CANCELLED')
    expect(records.at(-1)).to.include({ event: 'outcome', result: 'CALL_CANCELLED' })
  })

  it('closes the handler and records the end when the reader stops reading', async () => {
    let closed = false
    const follow = async function * (): AsyncGenerator<object> {
      try {
        for (let count = 0; ; count++) yield { count }
      } finally {
        closed = true
      }
    }
    const { chain, records, metrics } = scene({ follow })
    for await (const _answer of chain.serverStream(named(chain, 'Follow'), {}, call())) break
    expect(closed).to.equal(true)
    expect(records.at(-1)).to.include({ event: 'outcome', result: 'CALL_CANCELLED' })
    expect(metrics.snapshot('caxton_operations_open')[0]?.samples[0])
      .to.deep.equal({ labels: { kind: 'stream' }, value: 0 })
  })

  it('records the error that ends a stream', async () => {
    const { chain } = scene({ follow: async function * () { yield {}; throw Full({}) } })
    expect((await refusal(all(chain.serverStream(named(chain, 'Follow'), {}, call())))).code).to.equal('FULL')
  })

  it('hands a stream of requests to the handler', async () => {
    const upload: Handle = async requests => ({ count: (await all(requests as AsyncIterable<unknown>)).length })
    const { chain, steps } = scene({ upload })
    const requests = (async function * () { yield {}; yield {}; yield {} })()
    expect(await chain.clientStream(named(chain, 'Upload'), requests, call())).to.include({ count: 3 })
    expect(steps).to.deep.equal(['admit', 'authenticate', 'authorize', 'admit key:ada', 'intent', 'outcome'])
  })

  it('ends a stream of requests when the caller leaves in the middle', async () => {
    const leaving = new AbortController()
    const upload: Handle = async requests => ({ count: (await all(requests as AsyncIterable<unknown>)).length })
    const { chain } = scene({ upload })
    const requests = (async function * () { yield {}; await new Promise(() => {}) })()
    const refused = refusal(chain.clientStream(named(chain, 'Upload'), requests, call({}, leaving.signal)))
    await settled()
    leaving.abort()
    expect((await refused).code).to.equal('CALL_CANCELLED')
  })
})
