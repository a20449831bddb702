import { once } from 'node:events'
import { connect as connectHttp2, constants, type ClientHttp2Session, type IncomingHttpHeaders } from 'node:http2'
import { connect as connectTcp } from 'node:net'
import {
  create, fromBinary, toBinary, type DescMessage, type DescMethod, type MessageInitShape,
} from '@bufbuild/protobuf'
import { Client, credentials, Metadata, status, type ServiceError } from '@grpc/grpc-js'
import { expect } from 'chai'
import { defineError, type OperationContext } from '../../../../kernel/contract/index.js'
import { TRAILER } from '../../../../plugins/api-grpc/grpc-status.js'
import { frameMessage } from '../../../../plugins/api-grpc/grpc-framing.js'
import {
  EVERYBODY, startGrpcServer, type TestHandler, type TestServer, type TestServerChoices,
} from '../../../support/grpc-server.js'
import { strangerService } from '../../../support/stranger-service.js'

const SERVICE = strangerService([
  { name: 'Read', right: 'notes:read' },
  { name: 'Follow', right: 'notes:read', givesStream: true },
  { name: 'Upload', right: 'notes:write', changes: true, takesStream: true },
])
const [READ, FOLLOW, UPLOAD] = SERVICE.methods as [DescMethod, DescMethod, DescMethod]
const Missing = defineError({
  code: 'NOTE_NOT_FOUND', kind: 'not-found', meaning: 'No note.', remedy: 'Write one — première!',
  sentence: (d: { name: string }) => `there is no note "${d.name}"`,
})

interface Note { readonly name: string, readonly count: number, readonly data: Uint8Array }
type NoteInit = MessageInitShape<DescMessage>

const path = (method: DescMethod): string => `/${method.parent.typeName}/${method.name}`
const encode =
  (method: DescMethod) => (note: NoteInit): Buffer => Buffer.from(toBinary(method.input, create(method.input, note)))
const decode = (method: DescMethod) => (bytes: Buffer): Note => fromBinary(method.output, bytes) as unknown as Note
const note = (fields: Partial<Note>): NoteInit => fields as NoteInit

const settling = (resolve: (note: Note) => void, reject: (error: Error) => void) =>
  (error: ServiceError | null, answer?: Note): void => {
    if (answer === undefined) reject(error ?? new Error('no answer'))
    else resolve(answer)
  }

describe('gRPC face', () => {
  let server: TestServer | undefined
  const clients: Array<{ close (): void }> = []

  afterEach(async () => {
    for (const client of clients.splice(0)) client.close()
    await server?.stop()
    server = undefined
  })

  const start = async (
    handlers: Readonly<Record<string, TestHandler>>, choices: Partial<TestServerChoices> = {},
  ): Promise<TestServer> => {
    const none: TestHandler = async () => ({})
    server = await startGrpcServer({
      services: [{ service: SERVICE, handlers: { read: none, follow: none, upload: none, ...handlers } }], ...choices,
    })
    return server
  }
  const clientOf = ({ address }: TestServer): Client => {
    const client = new Client(address, credentials.createInsecure())
    clients.push(client)
    return client
  }
  const read = (client: Client, fields: Partial<Note>, metadata = new Metadata(), deadline = Infinity): Promise<Note> =>
    new Promise((resolve, reject) => {
      const done = settling(resolve, reject)
      client.makeUnaryRequest(path(READ), encode(READ), decode(READ), note(fields), metadata, { deadline }, done)
    })
  const failureOf = async (work: Promise<unknown>): Promise<ServiceError> => {
    const error: unknown = await work.then(() => undefined, (reason: unknown) => reason)
    if (error instanceof Error && 'metadata' in error) return error as ServiceError
    throw new Error(`no gRPC failure: ${String(error)}`)
  }

  it('carries a unary call through the chain and back', async () => {
    const client =
      clientOf(await start({ read: async (request: Note) => ({ name: request.name.toUpperCase(), count: 2 }) }))
    expect(await read(client, { name: 'grüße' })).to.include({ name: 'GRÜSSE', count: 2 })
  })

  it('streams answers, in order, no faster than they are read', async () => {
    let made = 0
    const follow = async function * (): AsyncGenerator<object> {
      for (; made < 2_000; made++) yield { count: made, data: new Uint8Array(4_096) }
    }
    const client = clientOf(await start({ follow: () => follow() }))
    const stream =
      client.makeServerStreamRequest<NoteInit, Note>(path(FOLLOW), encode(FOLLOW), decode(FOLLOW), note({}))
    const answers = stream[Symbol.asyncIterator]() as AsyncIterator<Note>
    expect((await answers.next()).value).to.include({ count: 0 })
    await read(client, {})
    expect(made, 'made while one was read').to.be.below(1_000)
    let last = 0
    for (let next = await answers.next(); next.done !== true; next = await answers.next()) {
      expect(next.value.count).to.equal(last + 1)
      last = next.value.count
    }
    expect(last).to.equal(1_999)
  })

  it('takes a large upload in chunks', async () => {
    const upload: TestHandler = async (requests: AsyncIterable<Note>) => {
      let bytes = 0
      for await (const chunk of requests) bytes += chunk.data.length
      return { count: bytes }
    }
    const client = clientOf(await start({ upload }))
    const answer = new Promise<Note>((resolve, reject) => {
      const done = settling(resolve, reject)
      const call = client.makeClientStreamRequest(path(UPLOAD), encode(UPLOAD), decode(UPLOAD), done)
      for (let i = 0; i < 40; i++) call.write(note({ data: new Uint8Array(2 ** 20) }))
      call.end()
    })
    expect((await answer).count).to.equal(40 * 2 ** 20)
  })

  it('answers an upload that is refused while it is being sent', async () => {
    const authenticators = [{ instance: 'a', service: { authenticate: async () => undefined } }]
    const client = clientOf(await start({}, { chain: { authenticators } }))
    const failed = failureOf(new Promise((resolve, reject) => {
      const done = settling(resolve, reject)
      const call = client.makeClientStreamRequest(path(UPLOAD), encode(UPLOAD), decode(UPLOAD), done)
      for (let i = 0; i < 20; i++) call.write(note({ data: new Uint8Array(2 ** 20) }))
    }))
    expect((await failed).code).to.equal(status.UNAUTHENTICATED)
  })

  it('shows a declared error with code, remedy, details and trace id', async () => {
    const client = clientOf(await start({ read: async ({ name }: Note) => { throw Missing({ name }) } }))
    const metadata = new Metadata()
    metadata.set('traceparent', '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01')
    const error = await failureOf(read(client, { name: 'diary' }, metadata))
    expect(error.code).to.equal(status.NOT_FOUND)
    expect(error.details).to.equal('there is no note "diary"')
    const trailer = (name: string): string => String(error.metadata.get(name)[0])
    expect(trailer(TRAILER.code)).to.equal('NOTE_NOT_FOUND')
    expect(trailer(TRAILER.kind)).to.equal('not-found')
    expect(trailer(TRAILER.remedy)).to.equal('Write one — première!')
    expect(trailer(TRAILER.details)).to.equal('{"name":"diary"}')
    expect(trailer(TRAILER.traceId)).to.equal('4bf92f3577b34da6a3ce929d0e0e4736')
  })

  it('hides an unforeseen error', async () => {
    const client = clientOf(await start({ read: async () => { throw new Error('the password is hunter2') } }))
    const error = await failureOf(read(client, {}))
    expect(error.code).to.equal(status.INTERNAL)
    expect(JSON.stringify([error.details, error.metadata.getMap()])).not.to.include('hunter2')
    expect(error.metadata.get(TRAILER.traceId)[0]).to.match(/^[0-9a-f]{32}$/)
  })

  it('survives an error message that is no well-formed text', async () => {
    const client = clientOf(await start({ read: async () => { throw Missing({ name: '\ud800\u0000' }) } }))
    expect((await failureOf(read(client, {}))).code).to.equal(status.NOT_FOUND)
    expect((await failureOf(read(client, {}))).code).to.equal(status.NOT_FOUND)
  })

  it('says that an answer does not fit, and logs why', async () => {
    const { log, ...rest } = await start({ read: async () => ({ count: 2 ** 40 }) })
    const error = await failureOf(read(clientOf({ log, ...rest }), {}))
    expect(error.code).to.equal(status.INTERNAL)
    expect(log.lines.some(line => line.level === 'error')).to.equal(true)
  })

  it('tells the handler who calls from where, without the credential', async () => {
    let seen: OperationContext | undefined
    let given: string | undefined
    const authenticate = async (origin: OperationContext['origin']): Promise<typeof EVERYBODY> => {
      given = origin.headers.get('authorization')
      return EVERYBODY
    }
    const handler: TestHandler = async (_request, context) => { seen = context; return {} }
    const authenticators = [{ instance: 'a', service: { authenticate } }]
    const client = clientOf(await start({ read: handler }, { chain: { authenticators } }))
    const metadata = new Metadata()
    metadata.set('authorization', 'Bearer abc')
    await read(client, {}, metadata)
    expect(given).to.equal('Bearer abc')
    expect(seen?.origin).to.include({ face: 'api-grpc', address: '127.0.0.1' })
    expect(seen?.origin.headers.has('authorization')).to.equal(false)
    expect(seen?.principal).to.equal(EVERYBODY)
  })

  it('tells the handler when the client cancels', async () => {
    let entered: (() => void) | undefined
    const inside = new Promise<void>(resolve => { entered = resolve })
    let aborted: (() => void) | undefined
    const told = new Promise<void>(resolve => { aborted = resolve })
    const handler: TestHandler = async (_request, { signal }) => {
      signal.addEventListener('abort', () => { aborted?.() })
      entered?.()
      return await new Promise(() => {})
    }
    const client = clientOf(await start({ read: handler }))
    const call = client.makeUnaryRequest<NoteInit, Note>(path(READ), encode(READ), decode(READ), note({}), () => {})
    await inside
    call.cancel()
    await told
  })

  it('ends a call at the client\'s deadline and tells the handler', async () => {
    let tell: ((reason: unknown) => void) | undefined
    const reason = new Promise<unknown>(resolve => { tell = resolve })
    const handler: TestHandler = async (_request, { signal }) => {
      await once(signal, 'abort')
      tell?.(signal.reason)
      throw signal.reason as Error
    }
    const client = clientOf(await start({ read: handler }))
    const error = await failureOf(read(client, {}, new Metadata(), Date.now() + 60))
    expect(error.code).to.equal(status.DEADLINE_EXCEEDED)
    expect(await reason).to.have.property('code', 'CALL_TIMEOUT')
  })

  it('ends a call without a deadline after its own longest time', async () => {
    const handler: TestHandler =
      async (_request, { signal }) => { await once(signal, 'abort'); throw signal.reason as Error }
    const client = clientOf(await start({ read: handler }, { config: { call_timeout: 50 } }))
    const error = await failureOf(read(client, {}))
    expect(error.code).to.equal(status.DEADLINE_EXCEEDED)
    expect(error.metadata.get(TRAILER.code)).to.deep.equal(['CALL_TIMEOUT'])
  })

  it('refuses a message above its limit and goes on', async () => {
    const client = clientOf(await start({}, { config: { max_message: 1_024 } }))
    expect((await failureOf(read(client, { data: new Uint8Array(2_000) }))).code).to.equal(status.RESOURCE_EXHAUSTED)
    await read(client, { data: new Uint8Array(900) })
  })

  it('ends streams of answers when it drains, and waits for other calls', async () => {
    let finish: (() => void) | undefined
    let entered: (() => void) | undefined
    const inside = new Promise<void>(resolve => { entered = resolve })
    const started = await start({
      follow: async function * () { yield {}; await new Promise(() => {}) },
      read: () => new Promise(resolve => { finish = () => { resolve({ count: 5 }) }; entered?.() }),
    })
    const client = clientOf(started)
    const stream =
      client.makeServerStreamRequest<NoteInit, Note>(path(FOLLOW), encode(FOLLOW), decode(FOLLOW), note({}))
    const ended =
      new Promise<ServiceError>(resolve => { stream.on('error', error => { resolve(error as ServiceError) }) })
    await once(stream, 'data')
    const answer = read(client, {})
    await inside
    const draining = started.face.drain(new AbortController().signal)
    const error = await ended
    expect(error.code).to.equal(status.UNAVAILABLE)
    expect(error.metadata.get(TRAILER.code)).to.deep.equal(['SERVER_STOPPING'])
    expect(started.ports()).to.deep.equal([])
    finish?.()
    expect((await answer).count).to.equal(5)
    await draining
  })

  it('stops with calls under way, telling their handlers', async () => {
    let told = false
    let entered: (() => void) | undefined
    const inside = new Promise<void>(resolve => { entered = resolve })
    const handler: TestHandler = async (_request, { signal }) => {
      signal.addEventListener('abort', () => { told = true })
      entered?.()
      return await new Promise(() => {})
    }
    const started = await start({ read: handler })
    const failed = failureOf(read(clientOf(started), {}))
    await inside
    await started.face.stop()
    await failed
    expect(told).to.equal(true)
  })

  describe('with raw HTTP/2', () => {
    const sessions: ClientHttp2Session[] = []
    afterEach(() => { for (const session of sessions.splice(0)) session.destroy() })

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
      stream.on('response', found => { received = found })
      stream.on('trailers', found => { trailers = found })
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
          const started = await start({ upload, follow: async function * () { yield {} } })
          const answer = await post(started.address, path(method), frameMessage(body))
          expect(statusOf(answer)).to.equal(status.INVALID_ARGUMENT)
          expect(messageOf(answer)).to.match(because)
          await read(clientOf(started), {})
        })
      }
    }

    it('refuses a frame that announces more than may come', async () => {
      const started = await start({})
      const huge = Buffer.from([0, 0xff, 0xff, 0xff, 0xff, 1, 2, 3])
      expect(statusOf(await post(started.address, path(READ), huge))).to.equal(status.RESOURCE_EXHAUSTED)
      await read(clientOf(started), {})
    })

    it('knows no other methods and no other content', async () => {
      const { address } = await start({})
      expect(statusOf(await post(address, '/acme.v1.Clockwork/Nothing', frameMessage(Buffer.alloc(0)))))
        .to.equal(status.UNIMPLEMENTED)
      const html = await post(address, path(READ), Buffer.alloc(0), { 'content-type': 'text/html' })
      expect(html.headers[':status']).to.equal(constants.HTTP_STATUS_UNSUPPORTED_MEDIA_TYPE)
    })

    it('survives headers without end, garbage instead of HTTP/2, and a client that vanishes', async () => {
      const started = await start({})
      const flooded =
        post(started.address, path(READ), frameMessage(Buffer.alloc(0)), { 'x-long': 'a'.repeat(200_000) })
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
      await read(clientOf(started), {})
    })
  })
})
