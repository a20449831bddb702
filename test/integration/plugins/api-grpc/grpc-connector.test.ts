import { once } from 'node:events'
import { createServer } from 'node:http2'
import type { AddressInfo } from 'node:net'
import type { MessageInitShape } from '@bufbuild/protobuf'
import { expect } from 'chai'
import {
  Agents, defineError, isCaxtonError, Server as ServerService, type CaxtonError, type Connector,
} from '../../../../kernel/contract/index.js'
import { openConnector } from '../../../../plugins/api-grpc/grpc-connector.js'
import { startGrpcServer, type TestHandler, type TestServer } from '../../../support/grpc-server.js'

const Missing = defineError({
  code: 'AGENT_NOT_FOUND', kind: 'not-found', meaning: 'No agent.', remedy: 'List them — première!',
  sentence: (d: { name: string }) => `there is no agent "${d.name}"`,
})

/** A handler for each operation on agents that answers with nothing. */
const idleHandlers = (): Record<string, TestHandler> =>
  Object.fromEntries(Object.keys(Agents.method).map(name => [name, async () => ({})]))

describe('gRPC connector', () => {
  let server: TestServer | undefined
  let connector: Connector | undefined

  afterEach(async () => {
    connector?.close()
    await server?.stop()
    server = undefined
  })

  const start = async (handlers: Readonly<Record<string, TestHandler>>): Promise<Connector> => {
    server = await startGrpcServer({ services: [{ service: Agents, handlers: { ...idleHandlers(), ...handlers } }] })
    connector = openConnector({ address: server.address })
    return connector
  }
  const failure = async (work: Promise<unknown>): Promise<CaxtonError> => {
    const error: unknown = await work.then(() => undefined, (reason: unknown) => reason)
    if (isCaxtonError(error)) return error
    throw new Error(`no declared error: ${String(error)}`)
  }
  const drain = async (items: AsyncIterable<unknown>): Promise<unknown[]> => {
    const all: unknown[] = []
    for await (const item of items) all.push(item)
    return all
  }

  it('calls an operation with and without fields', async () => {
    const list: TestHandler =
      async ({ prefix }: { prefix: string }) => ({ total: 1, agents: [{ name: `${prefix}cho` }] })
    const answer = await (await start({ list })).unary(Agents.method.list, { prefix: 'e' })
    expect(answer.agents.map(agent => agent.name)).to.deep.equal(['echo'])
    expect(answer.total).to.equal(1)
  })

  it('uses one connection for many calls at once', async () => {
    const open = await start({ list: async () => ({ total: 3 }) })
    const answers = await Promise.all(Array.from({ length: 50 }, () => open.unary(Agents.method.list, {})))
    expect(answers.every(answer => answer.total === 3)).to.equal(true)
  })

  it('sends what a stream of requests has at once in one piece', async () => {
    const pieces: number[] = []
    const plain = createServer()
    plain.on('stream', stream => {
      stream.on('data', (piece: Buffer) => { pieces.push(piece.length) })
      stream.on('end', () => { stream.respond({ ':status': 503 }, { endStream: true }) })
      stream.on('error', () => {})
    })
    plain.listen(0, '127.0.0.1')
    await once(plain, 'listening')
    connector = openConnector({ address: `127.0.0.1:${(plain.address() as AddressInfo).port}` })
    async function * parts (): AsyncGenerator<MessageInitShape<typeof Agents.method.deploy.input>> {
      yield { part: { case: 'manifest', value: { name: 'echo' } } }
      yield { part: { case: 'chunk', value: new Uint8Array(1_000) } }
    }
    await failure(connector.clientStream(Agents.method.deploy, parts()))
    connector.close()
    plain.close()
    expect(pieces).to.have.length(1)
  })

  it('reads a stream of answers to its end', async () => {
    const logs =
      async function * (): AsyncGenerator<object> { for (let i = 0; i < 300; i++) yield { text: `line ${i}` } }
    const lines = await drain((await start({ logs })).serverStream(Agents.method.logs, { name: 'echo' }))
    expect(lines).to.have.length(300)
    expect(lines.at(-1)).to.include({ text: 'line 299' })
  })

  it('tells the server when it stops reading a stream', async () => {
    let closed: (() => void) | undefined
    const ended = new Promise<void>(resolve => { closed = resolve })
    const logs = async function * (): AsyncGenerator<object> {
      try {
        for (let i = 0; ; i++) yield { text: `line ${i}` }
      } finally {
        closed?.()
      }
    }
    for await (const _line of (await start({ logs })).serverStream(Agents.method.logs, { name: 'echo' })) break
    await ended
  })

  it('sends a large upload in chunks, no faster than the server takes it', async () => {
    let taken = 0
    let offered = 0
    const deploy: TestHandler = async (requests: AsyncIterable<{ part: { case: string, value: Uint8Array } }>) => {
      for await (const { part } of requests) if (part.case === 'chunk') taken += part.value.length
      return { changed: true }
    }
    const chunks = async function * () {
      yield { part: { case: 'manifest' as const, value: { name: 'echo' } } }
      for (; offered < 24; offered++) {
        expect(offered * 2 ** 20 - taken).to.be.below(16 * 2 ** 20)
        yield { part: { case: 'chunk' as const, value: new Uint8Array(2 ** 20) } }
      }
    }
    const answer = await (await start({ deploy })).clientStream(Agents.method.deploy, chunks())
    expect(answer.changed).to.equal(true)
    expect(taken).to.equal(24 * 2 ** 20)
  })

  it('stops an upload that the server has refused', async () => {
    const deploy: TestHandler = async () => { throw Missing({ name: 'echo' }) }
    let offered = 0
    const chunks = async function * () {
      for (; offered < 2_000; offered++) yield { part: { case: 'chunk' as const, value: new Uint8Array(2 ** 16) } }
    }
    expect((await failure((await start({ deploy })).clientStream(Agents.method.deploy, chunks()))).code)
      .to.equal('AGENT_NOT_FOUND')
    expect(offered).to.be.below(2_000)
  })

  it('throws what the source of an upload threw', async () => {
    const deploy: TestHandler = async (requests: AsyncIterable<unknown>) => { await drain(requests); return {} }
    const chunks = async function * () {
      yield { part: { case: 'manifest' as const, value: { name: 'echo' } } }
      throw Missing({ name: 'the file' })
    }
    expect((await failure((await start({ deploy })).clientStream(Agents.method.deploy, chunks()))).details)
      .to.deep.equal({ name: 'the file' })
  })

  it('gives back the server\'s error whole: code, kind, sentence, details, remedy, trace id', async () => {
    const inspect: TestHandler = async ({ name }: { name: string }) => { throw Missing({ name }) }
    const error = await failure((await start({ inspect })).unary(Agents.method.inspect, { name: 'écho' }))
    expect(error)
      .to.include({ code: 'AGENT_NOT_FOUND', kind: 'not-found', message: 'there is no agent "écho"' })
      .and.to.include({ remedy: 'List them — première!' })
    expect(error.details).to.include({ name: 'écho' }).and.to.have.property('traceId').that.matches(/^[0-9a-f]{32}$/)
  })

  it('gives an error in the middle of a stream after the answers before it', async () => {
    const logs = async function * (): AsyncGenerator<object> { yield { text: 'one' }; throw Missing({ name: 'echo' }) }
    const seen: string[] = []
    const open = await start({ logs })
    const error = await failure((async () => {
      for await (const line of open.serverStream(Agents.method.logs, { name: 'echo' })) seen.push(line.text)
    })())
    expect(error.code).to.equal('AGENT_NOT_FOUND')
    expect(seen).to.deep.equal(['one'])
  })

  it('gives a call up when told so, before and while it runs', async () => {
    let entered: (() => void) | undefined
    const inside = new Promise<void>(resolve => { entered = resolve })
    const open = await start({ list: () => { entered?.(); return new Promise(() => {}) } })
    expect((await failure(open.unary(Agents.method.list, {}, AbortSignal.abort()))).code).to.equal('CALL_ABANDONED')
    const leaving = new AbortController()
    const failed = failure(open.unary(Agents.method.list, {}, leaving.signal))
    await inside
    leaving.abort()
    expect(await failed).to.include({ code: 'CALL_ABANDONED', kind: 'cancelled' })
  })

  it('says when no server answers, with the address and what to do', async () => {
    const open = await start({})
    const address = server?.address ?? ''
    await server?.stop()
    const error = await failure(open.unary(Agents.method.list, {}))
    expect(error).to.include({ code: 'SERVER_UNREACHABLE', kind: 'unavailable' })
    expect(error.message).to.equal(`no server answers at ${address}: the connection was refused`)
    expect(error.remedy).to.include('caxton server start')
  })

  it('connects again after the server was started again', async () => {
    const open = await start({ list: async () => ({ total: 1 }) })
    await open.unary(Agents.method.list, {})
    const port = server?.face.port ?? 0
    await server?.stop()
    expect((await failure(open.unary(Agents.method.list, {}))).kind).to.equal('unavailable')
    server = await startGrpcServer({ services: [{ service: Agents, handlers: idleHandlers() }], config: { port } })
    await open.unary(Agents.method.list, {})
  })

  it('finishes a call on a draining server, and takes no other to it', async () => {
    let finish: (() => void) | undefined
    let entered: (() => void) | undefined
    const inside = new Promise<void>(resolve => { entered = resolve })
    const list: TestHandler = () => new Promise(resolve => {
      finish = () => { resolve({ total: 7 }) }
      entered?.()
    })
    const open = await start({ list })
    const answer = open.unary(Agents.method.list, {})
    await inside
    const draining = server?.face.drain(new AbortController().signal)
    let refused = await failure(open.unary(Agents.method.inspect, {}))
    while (refused.code === 'CONNECTION_LOST') refused = await failure(open.unary(Agents.method.inspect, {}))
    expect(refused.code).to.equal('SERVER_UNREACHABLE')
    finish?.()
    expect((await answer).total).to.equal(7)
    await draining
  })

  it('says when the server does not offer an operation', async () => {
    const error = await failure((await start({})).unary(ServerService.method.status, {}))
    expect(error).to.include({ code: 'OPERATION_NOT_SERVED', kind: 'precondition' })
  })

  it('says when the connection breaks in the middle', async () => {
    const open = await start({ list: async () => { void server?.stop(); return await new Promise(() => {}) } })
    expect((await failure(open.unary(Agents.method.list, {}))).kind).to.be.oneOf(['unavailable', 'cancelled'])
  })
})
