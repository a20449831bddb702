import { once } from 'node:events'
import { Metadata, status } from '@grpc/grpc-js'
import { expect } from 'chai'
import { defineError, type OperationContext } from '../../../../kernel/contract/index.js'
import { TRAILER } from '../../../../plugins/api-grpc/grpc-status.js'
import { EVERYBODY, type TestHandler } from '../../../support/grpc-server.js'
import { grpcFailure, NoteServer, type Note } from '../../../support/note-server.js'

const Missing = defineError({
  code: 'NOTE_NOT_FOUND', kind: 'not-found', meaning: 'No note.', remedy: 'Write one — première!',
  sentence: (d: { name: string }) => `there is no note "${d.name}"`,
})

describe('gRPC face', () => {
  const notes = new NoteServer()
  afterEach(() => notes.stop())

  it('carries a unary call through the chain and back', async () => {
    await notes.start({ read: async (request: Note) => ({ name: request.name.toUpperCase(), count: 2 }) })
    expect(await notes.read({ name: 'grüße' })).to.include({ name: 'GRÜSSE', count: 2 })
  })

  it('streams answers, in order, no faster than they are read', async () => {
    let made = 0
    const follow = async function * (): AsyncGenerator<object> {
      for (; made < 2_000; made++) yield { count: made, data: new Uint8Array(4_096) }
    }
    await notes.start({ follow: () => follow() })
    const stream = notes.follow()
    const answers = stream[Symbol.asyncIterator]() as AsyncIterator<Note>
    expect((await answers.next()).value).to.include({ count: 0 })
    await notes.read()
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
    await notes.start({ upload })
    const answer = await notes.upload(call => {
      for (let i = 0; i < 40; i++) call.write({ data: new Uint8Array(2 ** 20) })
      call.end()
    })
    expect(answer.count).to.equal(40 * 2 ** 20)
  })

  it('answers an upload that is refused while it is being sent', async () => {
    const authenticators = [{ instance: 'a', service: { authenticate: async () => undefined } }]
    await notes.start({}, { chain: { authenticators } })
    const failed = grpcFailure(notes.upload(call => {
      for (let i = 0; i < 20; i++) call.write({ data: new Uint8Array(2 ** 20) })
    }))
    expect((await failed).code).to.equal(status.UNAUTHENTICATED)
  })

  it('shows a declared error with code, remedy, details and trace id', async () => {
    await notes.start({ read: async ({ name }: Note) => { throw Missing({ name }) } })
    const metadata = new Metadata()
    metadata.set('traceparent', '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01')
    const error = await grpcFailure(notes.read({ name: 'diary' }, metadata))
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
    await notes.start({ read: async () => { throw new Error('the password is hunter2') } })
    const error = await grpcFailure(notes.read())
    expect(error.code).to.equal(status.INTERNAL)
    expect(JSON.stringify([error.details, error.metadata.getMap()])).not.to.include('hunter2')
    expect(error.metadata.get(TRAILER.traceId)[0]).to.match(/^[0-9a-f]{32}$/)
  })

  it('survives an error message that is no well-formed text', async () => {
    await notes.start({ read: async () => { throw Missing({ name: '\ud800\u0000' }) } })
    expect((await grpcFailure(notes.read())).code).to.equal(status.NOT_FOUND)
    expect((await grpcFailure(notes.read())).code).to.equal(status.NOT_FOUND)
  })

  it('says that an answer does not fit, and logs why', async () => {
    const { log } = await notes.start({ read: async () => ({ count: 2 ** 40 }) })
    const error = await grpcFailure(notes.read())
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
    await notes.start({ read: handler }, { chain: { authenticators } })
    const metadata = new Metadata()
    metadata.set('authorization', 'Bearer abc')
    await notes.read({}, metadata)
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
    const follow = async function * (_request: unknown, { signal }: OperationContext): AsyncGenerator<object> {
      signal.addEventListener('abort', () => { aborted?.() })
      entered?.()
      yield await new Promise<object>(() => {})
    }
    await notes.start({ follow })
    const stream = notes.follow()
    stream.on('error', () => {})
    await inside
    stream.cancel()
    await told
  })

  it('ends a call at the client\'s deadline and tells the handler', async () => {
    let tell: (() => void) | undefined
    const told = new Promise<void>(resolve => { tell = resolve })
    const handler: TestHandler = async (_request, { signal }) => {
      await once(signal, 'abort')
      tell?.()
      return {}
    }
    await notes.start({ read: handler })
    const error = await grpcFailure(notes.read({}, new Metadata(), Date.now() + 60))
    expect(error.code).to.equal(status.DEADLINE_EXCEEDED)
    await told
  })

  it('ends a call without a deadline after its own longest time', async () => {
    const handler: TestHandler =
      async (_request, { signal }) => { await once(signal, 'abort'); throw signal.reason as Error }
    await notes.start({ read: handler }, { config: { call_timeout: 50 } })
    const error = await grpcFailure(notes.read())
    expect(error.code).to.equal(status.DEADLINE_EXCEEDED)
    expect(error.metadata.get(TRAILER.code)).to.deep.equal(['CALL_TIMEOUT'])
  })

  it('refuses a message above its limit and goes on', async () => {
    await notes.start({}, { config: { max_message: 1_024 } })
    expect((await grpcFailure(notes.read({ data: new Uint8Array(2_000) }))).code).to.equal(status.RESOURCE_EXHAUSTED)
    await notes.read({ data: new Uint8Array(900) })
  })

  it('ends streams of answers when it drains, and waits for other calls', async () => {
    let finish: (() => void) | undefined
    let entered: (() => void) | undefined
    const inside = new Promise<void>(resolve => { entered = resolve })
    const started = await notes.start({
      follow: async function * () { yield {}; await new Promise(() => {}) },
      read: () => new Promise(resolve => { finish = () => { resolve({ count: 5 }) }; entered?.() }),
    })
    const client = notes.client()
    const stream = notes.follow(client)
    const ended = grpcFailure(new Promise((_resolve, reject) => { stream.on('error', reject) }))
    await once(stream, 'data')
    const answer = notes.read({}, undefined, undefined, client)
    await inside
    const draining = started.face.drain(new AbortController().signal)
    const error = await ended
    expect(error.code).to.equal(status.UNAVAILABLE)
    expect(error.metadata.get(TRAILER.code)).to.deep.equal(['CALL_INTERRUPTED'])
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
    const started = await notes.start({ read: handler })
    const failed = grpcFailure(notes.read())
    await inside
    await started.face.stop()
    await failed
    expect(told).to.equal(true)
  })
})
