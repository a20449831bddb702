import { once } from 'node:events'
import { connect as connectHttp2, constants, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2'
import { connect as connectTcp, type Socket } from 'node:net'
import { Metadata, status } from '@grpc/grpc-js'
import { expect } from 'chai'
import { frameMessage } from '../../../../plugins/api-grpc/grpc-framing.js'
import { credentialsOf } from '../../../support/certificates.js'
import { NoteServer, pathOf, READ } from '../../../support/note-server.js'
import { until } from '../../../support/until.js'

/** What begins every HTTP/2 connection (RFC 9113 §3.4), an empty SETTINGS frame after it. */
const PREFACE = Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), Buffer.from('000000040000000000', 'hex')])
/** HEADERS of stream 1 that are to go on, and do not: END_HEADERS is missing. */
const HALF_A_REQUEST = Buffer.from('000001010000000001' + '83', 'hex')

/** Peers that take more than their share of a real port. */
describe('limits of the gRPC face', () => {
  const notes = new NoteServer()
  const sockets: Socket[] = []
  const sessions: ClientHttp2Session[] = []
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy()
    for (const session of sessions.splice(0)) session.destroy()
    await notes.stop()
  })

  const dial = async (address: string, first?: Buffer): Promise<Socket> => {
    const [host = '', port] = address.split(':')
    const socket = connectTcp({ host, port: Number(port) })
    sockets.push(socket)
    socket.on('error', () => {}).resume()
    await once(socket, 'connect')
    if (first !== undefined) socket.write(first)
    return socket
  }
  const dropped = (started: Awaited<ReturnType<NoteServer['start']>>): unknown =>
    started.metrics.snapshot('caxton_connections_dropped_total')[0]?.samples

  it('close what one address opens beyond its share', async () => {
    const started = await notes.start({}, { config: { max_connections_per_address: 2 } })
    const open = [await dial(started.address), await dial(started.address)]
    await once(await dial(started.address), 'close')
    expect(open.map(({ closed }) => closed)).to.deep.equal([false, false])
    expect(dropped(started)).to.deep.equal([{ labels: { purpose: 'gRPC API', because: 'address' }, value: 1 }])
  })

  it('refuse headers that are too large, with a declared error, and serve the next call', async () => {
    const started = await notes.start({}, { config: { max_headers: 2_048 } })
    const client = notes.client()
    const metadata = new Metadata()
    metadata.set('authorization', `Bearer ${'a'.repeat(2_048)}`)
    const failure = await notes.read({}, metadata, Infinity, client)
      .then(() => undefined, (error: { code: number, metadata: Metadata }) => error)
    expect([failure?.code, failure?.metadata.get('caxton-code')]).to.deep.equal([status.RESOURCE_EXHAUSTED, ['HEADERS_TOO_LARGE']])
    expect(JSON.stringify(started.log.lines)).not.to.include('aaaa')
    await notes.read({}, new Metadata(), Infinity, client)
  })

  it('count every header, also those of several values and of bytes', async () => {
    await notes.start({}, { config: { max_headers: 2_048 } })
    const metadata = new Metadata()
    for (let i = 0; i < 30; i++) metadata.add('x-many', 'b'.repeat(48))
    metadata.set('x-bytes-bin', Buffer.alloc(400))
    const failure = await notes.read({}, metadata).then(() => undefined, (error: { code: number }) => error)
    expect(failure?.code).to.equal(status.RESOURCE_EXHAUSTED)
  })

  it('refuse calls beyond the most of one connection, and take another when one has ended', async () => {
    const ends: Array<() => void> = []
    const started = await notes.start({
      read: async () => { await new Promise<void>(resolve => { ends.push(resolve) }); return {} },
    }, { config: { max_streams: 2 } })
    const session = connectHttp2(`http://${started.address}`)
    sessions.push(session)
    await once(session, 'remoteSettings')
    expect(session.remoteSettings.maxConcurrentStreams).to.equal(2)
    const call = (): ClientHttp2Stream => {
      const stream = session.request({ ':method': 'POST', ':path': pathOf(READ), 'content-type': 'application/grpc', 'te': 'trailers' })
      stream.on('error', () => {}).resume()
      stream.end(frameMessage(Buffer.alloc(0)))
      return stream
    }
    const all = [call(), call(), call()]
    await until(() => ends.length === 2)
    for (const end of ends.splice(0)) end()
    await until(() => ends.length === 1)
    for (const end of ends.splice(0)) end()
    await Promise.all(all.map(async stream => { if (!stream.closed) await once(stream, 'close') }))
    expect(all.map(({ rstCode }) => rstCode)).to.deep.equal([0, 0, 0].map(() => constants.NGHTTP2_NO_ERROR))
  })

  it('close connections on which nothing comes, half a request comes, or nothing is answered', async () => {
    const started = await notes.start({}, { config: { keepalive: 50, keepalive_timeout: 50 } })
    const first = [undefined, PREFACE, Buffer.concat([PREFACE, HALF_A_REQUEST])]
    const silent = await Promise.all(first.map(bytes => dial(started.address, bytes)))
    await Promise.all(silent.map(async socket => { if (!socket.closed) await once(socket, 'close') }))
    await notes.read()
  })

  it('close connections that do not finish their TLS handshake', async () => {
    const identity = { nodeId: 'node-1', credentials: () => credentialsOf('node'), onChange: () => {} }
    const started = await notes.start({}, { identity, config: { handshake_timeout: 100 } })
    const socket = await dial(started.address, Buffer.of(0x16, 0x03, 0x01))
    await once(socket, 'close')
  })
})
