import { once } from 'node:events'
import { createServer, type Http2Server, type ServerHttp2Stream } from 'node:http2'
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net'
import { expect } from 'chai'
import { Agents, isCaxtonError, type Connector } from '../../../../kernel/contract/index.js'
import { openConnector } from '../../../../plugins/api-grpc/grpc-connector.js'
import { frameMessage } from '../../../../plugins/api-grpc/grpc-framing.js'

describe('gRPC connector with servers that are none', () => {
  let connector: Connector | undefined
  const others: Array<Server | Http2Server> = []

  afterEach(() => {
    connector?.close()
    for (const other of others.splice(0)) other.close()
  })

  const failure = async (work: Promise<unknown>): Promise<{ readonly code: string }> => {
    const error: unknown = await work.then(() => undefined, (reason: unknown) => reason)
    if (isCaxtonError(error)) return error
    throw new Error(`no declared error: ${String(error)}`)
  }
  const impostor = async (answer: (stream: ServerHttp2Stream) => void): Promise<Connector> => {
    const other = createServer()
    other.on('stream', stream => { stream.on('error', () => {}); answer(stream) })
    other.listen(0, '127.0.0.1')
    others.push(other)
    await once(other, 'listening')
    connector = openConnector({ address: `127.0.0.1:${(other.address() as AddressInfo).port}` })
    return connector
  }

  const lies: ReadonlyArray<readonly [what: string, code: string, answer: (stream: ServerHttp2Stream) => void]> = [
    ['is no gRPC server', 'ANSWER_MALFORMED', stream => {
      stream.respond({ ':status': 404 })
      stream.end('nothing here')
    }],
    ['answers nothing', 'CONNECTION_LOST', stream => { stream.respond({ ':status': 200 }); stream.end() }],
    ['cuts its answer off', 'ANSWER_MALFORMED', stream => {
      stream.respond({ ':status': 200 }, { waitForTrailers: true })
      stream.on('wantTrailers', () => { stream.sendTrailers({ 'grpc-status': '0' }) })
      stream.end(Buffer.from([0, 0, 0, 0, 9, 1]))
    }],
    ['answers in another language', 'ANSWER_MALFORMED', stream => {
      stream.respond({ ':status': 200 }, { waitForTrailers: true })
      stream.on('wantTrailers', () => { stream.sendTrailers({ 'grpc-status': '0' }) })
      stream.end(frameMessage(Buffer.from('ffffff', 'hex')))
    }],
    ['announces too much', 'ANSWER_MALFORMED', stream => {
      stream.respond({ ':status': 200 })
      stream.write(Buffer.from([0, 255, 255, 255, 255]))
    }],
    ['resets the call', 'CONNECTION_LOST', stream => { stream.close(2) }],
    ['sends broken trailers', 'CALL_REFUSED', stream => {
      const nonsense = { 'grpc-status': '99', 'grpc-message': '%zz', 'caxton-code': 'X', 'caxton-kind': 'nonsense' }
      stream.respond({ ':status': 200, ...nonsense }, { endStream: true })
    }],
  ]
  for (const [what, code, answer] of lies) {
    it(`says what is wrong with a server that ${what}`, async () => {
      const open = await impostor(answer)
      expect((await failure(open.unary(Agents.method.list, {}))).code).to.equal(code)
    })
  }

  it('does not take another protocol for a server', async () => {
    const other =
      createTcpServer(socket => { socket.end('220 mail.example.test ESMTP\r\n'); socket.on('error', () => {}) })
    other.listen(0, '127.0.0.1')
    others.push(other)
    await once(other, 'listening')
    connector = openConnector({ address: `127.0.0.1:${(other.address() as AddressInfo).port}` })
    expect((await failure(connector.unary(Agents.method.list, {}))).code).to.equal('SERVER_UNREACHABLE')
  })
})
