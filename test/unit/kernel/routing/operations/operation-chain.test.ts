import { expect } from 'chai'
import type { Origin, Principal } from '../../../../../kernel/contract/index.js'
import { MOST_IN_FLIGHT } from '../../../../../kernel/routing/operations/calls-in-flight.js'
import { ADA, call, Full, named, refusal, scene, type Handle } from '../../../../support/chain-scene.js'
import { settled } from '../../../../support/virtual-clock.js'

describe('operation chain around an operation', () => {
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

  it('makes a span of every call, below the caller\'s, that says who did what and how it failed', async () => {
    const { chain, spans, clock } = scene({ read: async () => { clock.advance(3); return {} }, write: async () => { throw Full({}) } })
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736'
    await chain.unary(named(chain, 'Read'), { name: 'ada' }, call({ traceparent: `00-${traceId}-00f067aa0ba902b7-01` }))
    await refusal(chain.unary(named(chain, 'Write'), {}, call()))
    expect(spans[0]).to.deep.include({
      traceId, parentSpanId: '00f067aa0ba902b7', name: 'acme.v1.Clockwork/Read', kind: 'server',
      attributes: {
        'rpc.service': 'acme.v1.Clockwork', 'rpc.method': 'Read', 'client.address': '127.0.0.1', 'caxton.face': 'test',
        'user.name': 'key:ada', 'caxton.resource': 'ada',
      },
    })
    expect((spans[0]?.endedAt ?? 0) - (spans[0]?.startedAt ?? 0)).to.equal(3)
    expect(spans[1]).to.include({ name: 'acme.v1.Clockwork/Write', failure: 'FULL' })
  })

  it('shows credentials to authenticators only', async () => {
    const seen: Record<string, string[]> = {}
    const note = (who: string, origin: Origin): void => { seen[who] = [...origin.headers.keys()] }
    const authenticate = async (origin: Origin): Promise<Principal> => { note('authenticator', origin); return ADA }
    const read: Handle = async (_request, { origin }) => { note('handler', origin); return {} }
    const { chain, records } = scene({ read }, { authenticators: [{ instance: 'keys', service: { authenticate } }] })
    const headers = { 'authorization': 'Bearer x', 'x-acme-key': 'y', 'user-agent': 'test' }
    await chain.unary(named(chain, 'Read'), {}, call(headers))
    for (const { origin } of records) note('record', origin)
    expect(seen).to.deep.equal({ authenticator: Object.keys(headers), handler: ['user-agent'], record: ['user-agent'] })
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
