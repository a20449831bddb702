import { once } from 'node:events'
import { expect } from 'chai'
import { defineError, isCaxtonError, Server, type OperationInfo, type Operations } from '../../../../kernel/contract/index.js'
import { PrometheusScene } from '../../../support/prometheus-scene.js'
import { until } from '../../../support/until.js'

const REQUEST = 'GET /live HTTP/1.1\r\nhost: a\r\n\r\n'

const Unknown = defineError({
  code: 'UNKNOWN', kind: 'unauthenticated', meaning: 'Nobody knows who calls.', remedy: 'Say it.',
  sentence: (_details: object) => 'who are you',
})

/** Operations that refuse everybody, and note who was refused. */
function refusing (refused: string[]): Operations {
  const method = Server.method.metrics
  const operation: OperationInfo = { name: 'caxton.v1.Server/Metrics', method, right: 'metrics:read', changes: false }
  return {
    list: () => [operation],
    unary: async (_operation, _request, { origin }) => {
      refused.push(`${origin.face} ${origin.address} ${origin.headers.get('authorization') ?? ''}`)
      throw Unknown({})
    },
    async * serverStream () {},
    clientStream: async () => undefined,
    traceOf: () => undefined,
  }
}

describe('The port for metrics and health', () => {
  let scene: PrometheusScene
  const start = async (...choices: ConstructorParameters<typeof PrometheusScene>): Promise<void> => {
    scene = new PrometheusScene(...choices)
    await scene.face.start()
  }
  afterEach(() => scene.stop())

  it('shows what is counted, in the format that is asked for', async () => {
    await start()
    scene.metrics.counter('caxton_calls_total', 'Calls.').add(2)
    const [plain, open] = [await scene.get('/metrics'), await scene.get('/metrics?x=1', { accept: 'application/openmetrics-text' })]
    expect([plain.status, plain.headers['content-type']]).to.deep.equal([200, 'text/plain; version=0.0.4; charset=utf-8'])
    expect(plain.text).to.include('# TYPE caxton_calls_total counter\ncaxton_calls_total 2\n')
    expect(open.headers['content-type']).to.equal('application/openmetrics-text; version=1.0.0; charset=utf-8')
    expect(open.text).to.include('# TYPE caxton_calls counter\ncaxton_calls_total 2\n').and.to.include('\n# EOF\n')
  })

  it('is ready while the server serves, also when a part is ill, and not while it starts or drains', async () => {
    await start()
    scene.board.watch('store', () => ({ state: 'degraded', detail: 'slow' }))
    const ready = async (): Promise<number> => (await scene.get('/ready')).status
    const told = [await ready()]
    scene.board.enter('serving')
    told.push(await ready())
    scene.board.enter('draining')
    told.push(await ready(), (await scene.get('/live')).status)
    expect(told).to.deep.equal([503, 200, 503, 200])
  })

  it('tells how each part does, and fails when a vital one has', async () => {
    await start()
    scene.board.enter('serving')
    scene.board.watch('api', () => ({ state: 'ready' }))
    const before = await scene.get('/health')
    scene.board.watch('store', () => ({ state: 'failed', detail: 'the disk is gone' }))
    const after = await scene.get('/health')
    expect([before.status, after.status]).to.deep.equal([200, 503])
    expect(JSON.parse(after.text)).to.deep.include({
      state: 'failed', ready: false, node: 'node-1', version: '0.1.0',
      parts: [{ name: 'api', state: 'ready' }, { name: 'store', state: 'failed', detail: 'the disk is gone' }],
    })
  })

  it('answers HEAD like GET without a body, and takes nothing else', async () => {
    await start()
    const [get, head, post] = [await scene.get('/live'), await scene.get('/live', {}, 'HEAD'), await scene.get('/live', {}, 'POST')]
    expect([head.status, head.text, head.headers['content-length']]).to.deep.equal([200, '', get.headers['content-length']])
    expect([post.status, post.headers.allow]).to.deep.equal([405, 'GET, HEAD'])
    expect((await scene.get('/metric')).text).to.include('/metrics')
  })

  it('never takes the body of a request for the next one', async () => {
    await start()
    const socket = scene.dial(`GET /live HTTP/1.1\r\nhost: a\r\ncontent-length: ${REQUEST.length}\r\n\r\n${REQUEST}`)
    let told = ''
    socket.on('data', (bytes: Buffer) => { told += bytes.toString() })
    await once(socket, 'close')
    expect(told.match(/HTTP\/1\.1/g)).to.have.length(1)
  })

  it('counts requests by page, unknown ones together', async () => {
    await start()
    for (const path of ['/live', '/a', '/b']) await scene.get(path)
    const [counted] = scene.metrics.snapshot('caxton_telemetry_requests_total')
    expect(counted?.samples).to.deep.equal([
      { labels: { page: '/live', status: '200' }, value: 1 }, { labels: { page: 'other', status: '404' }, value: 2 },
    ])
  })

  it('ends a connection whose request does not come in time, and one that has nothing more to ask', async () => {
    await start({ request_timeout: 1_000, idle_timeout: 5_000 })
    const slow = scene.dial('GET /live HTTP/1.1\r\nx: ')
    const idle = scene.dial(REQUEST)
    await Promise.all([once(idle, 'data'), until(() => scene.clock.pending === 2)])
    idle.resume()
    scene.clock.advance(1_001)
    await once(slow, 'close')
    expect(idle.closed).to.equal(false)
    idle.write(REQUEST)
    await once(idle, 'data')
    scene.clock.advance(5_001)
    await once(idle, 'close')
    expect(scene.clock.pending).to.equal(0)
  })

  it('gives up an answer that is not there in time, and tells who makes it', async () => {
    const asked: AbortSignal[] = []
    const never: Operations['unary'] = async (_operation, _request, { signal }) => {
      asked.push(signal)
      return await new Promise(() => {})
    }
    await start({ credentials: 'always', request_timeout: 1_000 }, { ...refusing([]), unary: never })
    const socket = scene.dial('GET /metrics HTTP/1.1\r\nhost: a\r\n\r\n')
    await until(() => asked.length === 1)
    scene.clock.advance(1_001)
    await once(socket.resume(), 'close')
    await until(() => asked[0]?.aborted === true)
    expect(scene.clock.pending).to.equal(0)
  })

  it('tells those above the bound to come again, and serves the next', async () => {
    let release = (): void => {}
    const held = new Promise<void>(resolve => { release = resolve })
    const operations = refusing([])
    await start({ credentials: 'always', max_requests: 1 }, { ...operations, unary: async () => { await held; throw Unknown({}) } })
    const first = scene.get('/metrics')
    await until(async () => (await scene.get('/live')).status === 503)
    expect((await scene.get('/live')).headers['retry-after']).to.equal('1')
    release()
    expect((await first).status).to.equal(401)
    expect((await scene.get('/live')).status).to.equal(200)
  })

  it('asks the chain of operations for whoever must prove who it is, and nobody for a word', async () => {
    const refused: string[] = []
    await start({ credentials: 'always' }, refusing(refused))
    const answer = await scene.get('/metrics', { authorization: 'Bearer x' })
    expect([answer.status, answer.headers['www-authenticate']]).to.deep.equal([401, 'Bearer realm="caxton"'])
    expect(answer.text).to.equal('UNKNOWN: who are you\nSay it.\n')
    expect(refused).to.deep.equal(['telemetry-prometheus 127.0.0.1 Bearer x'])
    expect((await scene.get('/live')).status).to.equal(200)
  })

  it('shows nothing of a failure that nobody declared, and logs it', async () => {
    await start({ credentials: 'always' })
    const answer = await scene.get('/metrics')
    expect(answer.status).to.equal(500)
    expect(answer.text).not.to.include('Server/Metrics')
    expect(scene.context.said('error')).to.deep.equal(['a page could not be made'])
  })

  it('does not open where others reach it without TLS and an authenticator', async () => {
    scene = new PrometheusScene({ host: '0.0.0.0' })
    const refusal: unknown = await scene.face.start().catch((error: unknown) => error)
    expect(isCaxtonError(refusal) && refusal.code).to.equal('LISTENER_UNPROTECTED')
  })

  it('ends every connection when it stops', async () => {
    await start()
    const socket = scene.dial(REQUEST)
    await once(socket, 'data')
    await scene.face.stop()
    await once(socket.resume(), 'close')
    expect(scene.clock.pending).to.equal(0)
  })
})
