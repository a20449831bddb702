import { once } from 'node:events'
import { connect as connectHttp2, constants, type ClientHttp2Session, type IncomingHttpHeaders } from 'node:http2'
import { connect as connectTcp } from 'node:net'
import { status } from '@grpc/grpc-js'
import { expect } from 'chai'
import { frameMessage } from '../../../../plugins/api-grpc/grpc-framing.js'
import type { TestHandler } from '../../../support/grpc-server.js'
import { FOLLOW, NoteServer, pathOf, READ, UPLOAD, type Note } from '../../../support/note-server.js'

describe('gRPC face with raw HTTP/2', () => {
  const notes = new NoteServer()
  const sessions: ClientHttp2Session[] = []
  afterEach(async () => {
    for (const session of sessions.splice(0)) session.destroy()
    await notes.stop()
  })

  interface RawAnswer { readonly headers: IncomingHttpHeaders, readonly trailers: IncomingHttpHeaders }
  const post = async (
    address: string, at: string, body: Buffer, headers: Readonly<Record<string, string>> = {},
  ): Promise<RawAnswer> => {
    const session = connectHttp2(`http://${address}`)
    sessions.push(session)
    const usual = { ':method': 'POST', ':path': at, 'content-type': 'application/grpc', 'te': 'trailers' }
    const stream = session.request({ ...usual, ...headers })
    let received: IncomingHttpHeaders = {}
    let trailers: IncomingHttpHeaders = {}
    stream.on('response', (found: IncomingHttpHeaders) => { received = found })
    stream.on('trailers', (found: IncomingHttpHeaders) => { trailers = found })
    stream.end(body)
    stream.resume()
    await once(stream, 'close')
    return { headers: received, trailers }
  }
  const statusOf =
    ({ headers, trailers }: RawAnswer): unknown => Number(trailers['grpc-status'] ?? headers['grpc-status'])
  const messageOf = ({ headers, trailers }: RawAnswer): string =>
    decodeURIComponent(String(trailers['grpc-message'] ?? headers['grpc-message']))

  const malformed: ReadonlyArray<readonly [what: string, body: Buffer, because: RegExp]> = [
    ['bytes that are no message', Buffer.from('ffffffffffffffffffffff', 'hex'), /can't be read/],
    ['a field that is cut off', Buffer.from([0x0a, 0x7f, 0x41]), /can't be read/],
    ['a text that is not UTF-8', Buffer.from([0x0a, 0x02, 0xc3, 0x28]), /not valid UTF-8/],
    ['a field that claims four gigabytes', Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f]), /can't be read/],
  ]
  for (const [what, body, because] of malformed) {
    for (const method of [READ, FOLLOW, UPLOAD]) {
      it(`refuses ${what} in a ${method.methodKind} call, unharmed`, async () => {
        const upload: TestHandler = async (requests: AsyncIterable<Note>) => {
          for await (const _ of requests) continue
          return {}
        }
        const started = await notes.start({ upload, follow: async function * () { yield {} } })
        const answer = await post(started.address, pathOf(method), frameMessage(body))
        expect(statusOf(answer)).to.equal(status.INVALID_ARGUMENT)
        expect(messageOf(answer)).to.match(because)
        await notes.read()
      })
    }
  }

  it('ends a call at a deadline that the client does not watch itself, and says so to the handler', async () => {
    let reason: unknown
    const handler: TestHandler = async (_request, { signal }) => {
      await once(signal, 'abort')
      reason = signal.reason
      return {}
    }
    const { address } = await notes.start({ read: handler })
    const answer = await post(address, pathOf(READ), frameMessage(Buffer.alloc(0)), { 'grpc-timeout': '50m' })
    expect(statusOf(answer)).to.equal(status.DEADLINE_EXCEEDED)
    expect(reason).to.have.property('code', 'CALL_TIMEOUT')
  })

  it('refuses a frame that announces more than may come', async () => {
    const started = await notes.start({})
    const huge = Buffer.from([0, 0xff, 0xff, 0xff, 0xff, 1, 2, 3])
    expect(statusOf(await post(started.address, pathOf(READ), huge))).to.equal(status.RESOURCE_EXHAUSTED)
    await notes.read()
  })

  it('knows no other methods and no other content', async () => {
    const { address } = await notes.start({})
    expect(statusOf(await post(address, '/acme.v1.Clockwork/Nothing', frameMessage(Buffer.alloc(0)))))
      .to.equal(status.UNIMPLEMENTED)
    const html = await post(address, pathOf(READ), Buffer.alloc(0), { 'content-type': 'text/html' })
    expect(html.headers[':status']).to.equal(constants.HTTP_STATUS_UNSUPPORTED_MEDIA_TYPE)
  })

  it('survives headers without end, garbage instead of HTTP/2, and a client that vanishes', async () => {
    const started = await notes.start({})
    const flooded =
      post(started.address, pathOf(READ), frameMessage(Buffer.alloc(0)), { 'x-long': 'a'.repeat(200_000) })
    await flooded.catch(() => {})
    const port = Number(started.address.split(':')[1])
    const garbage = connectTcp(port, '127.0.0.1')
    garbage.on('error', () => {})
    garbage.write('GET / HTTP/1.1\r\n\r\n')
    garbage.resume()
    await once(garbage, 'close')
    const vanishing = connectTcp(port, '127.0.0.1')
    await once(vanishing, 'connect')
    vanishing.resetAndDestroy()
    await notes.read()
  })
})
