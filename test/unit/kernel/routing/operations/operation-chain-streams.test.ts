import { expect } from 'chai'
import sinon from 'sinon'
import { all, call, Full, named, refusal, scene, type Handle } from '../../../../support/chain-scene.js'
import { settled } from '../../../../support/virtual-clock.js'

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

  it('asks the authorizer about what the first request of a stream names, and hands that to the handler too', async () => {
    const decide = sinon.fake.returns({ allowed: true, because: 'all may' })
    const upload: Handle = async requests => ({ count: (await all(requests as AsyncIterable<unknown>)).length })
    const { chain } = scene({ upload }, { authorizer: { decide } })
    const requests = (async function * () { yield { name: 'diary', data: new Uint8Array(1) }; yield { name: 'other' } })()
    expect(await chain.clientStream(named(chain, 'Upload'), requests, call())).to.include({ count: 2 })
    expect(decide.args.map((args: readonly unknown[]) => args[2])).to.deep.equal(['diary', '*'])
  })

  it('refuses a call when the right is lacking on one of the things that it is about, and ends its stream', async () => {
    const decide = (_principal: unknown, _operation: unknown, resource: string) => ({ allowed: resource === 'diary', because: resource })
    const ended = sinon.fake()
    const { chain, steps } = scene({}, { authorizer: { decide } })
    const requests = (async function * () { try { yield { name: 'diary', data: new Uint8Array(1) } } finally { ended() } })()
    expect((await refusal(chain.clientStream(named(chain, 'Upload'), requests, call()))).details).to.include({ because: '*' })
    expect(steps).to.not.include('act')
    await settled()
    sinon.assert.calledOnce(ended)
  })

  it('reads nothing of a stream before the caller is known', async () => {
    const read = sinon.fake()
    const { chain } = scene({}, { authenticators: [{ instance: 'keys', service: { authenticate: async () => undefined } }] })
    const requests = (async function * () { read(); yield {} })()
    expect((await refusal(chain.clientStream(named(chain, 'Upload'), requests, call()))).code).to.equal('UNAUTHORIZED')
    sinon.assert.notCalled(read)
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
