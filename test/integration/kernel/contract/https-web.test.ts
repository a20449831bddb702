import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import { HttpsWeb, type WebAnswer, type WebRequest } from '../../../../kernel/contract/index.js'
import { SystemClock } from '../../../../kernel/observability/system-clock.js'
import { pem } from '../../../support/certificates.js'
import { settled, VirtualClock } from '../../../support/virtual-clock.js'

/** Sockets, because what is tested is how answers that come in pieces, late or never are bounded. */
describe('Questions to services elsewhere', () => {
  const servers: Server[] = []
  const never = new AbortController().signal

  afterEach(async () => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections()
      await new Promise(resolve => { server.close(resolve) })
    }
  })

  async function serve (answer: RequestListener, tls?: string): Promise<URL> {
    const server = tls === undefined ? createServer(answer) : createTlsServer({ key: pem(`${tls}.key`), cert: pem(`${tls}.pem`) }, answer)
    servers.push(server)
    await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
    const { port } = server.address() as AddressInfo
    return new URL(`${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}/`)
  }

  const ask = (request: WebRequest, trust?: string, largest = 100): Promise<WebAnswer> =>
    new HttpsWeb({ timeout: 5000, largest, trust }, new SystemClock()).ask(request, never)

  /** Why there is no answer. */
  const failure = (asking: Promise<WebAnswer>): Promise<string> =>
    asking.then(() => 'answered', (error: unknown) => error instanceof Error ? error.message : String(error))

  it('bring the answer with its status and headers, and carry headers and a body', async () => {
    const url = await serve((request, response) => {
      let body = ''
      request.on('data', chunk => { body += String(chunk) })
      request.on('end', () => {
        response.statusCode = 418
        response.setHeader('x-two', 'two')
        response.end(`${request.method} ${String(request.headers['x-one'])} ${request.headers['content-length']} ${body}`)
      })
    })
    const { status, body, headers } = await ask({ method: 'POST', url, headers: { 'x-one': '1' }, body: 'ä=1' })
    expect([status, body, headers?.['x-two']]).to.deep.equal([418, 'POST 1 4 ä=1', 'two'])
  })

  it('do not follow a redirection', async () => {
    let calls = 0
    const url = await serve((_request, response) => {
      calls += 1
      response.writeHead(302, { location: '/elsewhere' }).end()
    })
    expect((await ask({ method: 'GET', url })).status).to.equal(302)
    expect(calls).to.equal(1)
  })

  it('take an answer of the largest size, and give up one that is larger before it has come whole', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/fits') response.end('x'.repeat(100))
      else response.write('x'.repeat(101))
    })
    expect((await ask({ method: 'GET', url: new URL('/fits', url) })).body).to.have.length(100)
    expect(await failure(ask({ method: 'GET', url }))).to.equal('the answer has more than 100 bytes')
  })

  it('give up an answer that does not come, or does not end, in time', async () => {
    for (const begin of [false, true]) {
      const clock = new VirtualClock()
      const asked = withResolvers()
      const url = await serve((_request, response) => {
        if (begin) response.write('x')
        asked.resolve()
      })
      const waiting = failure(new HttpsWeb({ timeout: 700, largest: 100 }, clock).ask({ method: 'GET', url }, never))
      await asked.promise
      await settled()
      clock.advance(700)
      expect(await waiting).to.equal('no answer within 700 ms')
      expect(clock.pending).to.equal(0)
    }
  })

  it('end when they are called off', async () => {
    const url = await serve(() => {})
    const calling = new AbortController()
    const waiting = failure(new HttpsWeb({ timeout: 5000, largest: 100 }, new SystemClock()).ask({ method: 'GET', url }, calling.signal))
    calling.abort(new Error('the server stops'))
    expect(await waiting).to.equal('the server stops')
  })

  it('trust only whom they are told to', async () => {
    const url = await serve((_request, response) => { response.end('secret') }, 'node')
    expect((await ask({ method: 'GET', url }, pem('authority.pem'))).body).to.equal('secret')
    expect(await failure(ask({ method: 'GET', url }))).to.match(/certificate/)
    expect(await failure(ask({ method: 'GET', url }, pem('stranger.pem')))).to.match(/certificate/)
  })
})

function withResolvers (): { promise: Promise<void>, resolve: () => void } {
  let resolve = (): void => {}
  const promise = new Promise<void>(settle => { resolve = settle })
  return { promise, resolve }
}
