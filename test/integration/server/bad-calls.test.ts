import { once } from 'node:events'
import { connect, type ClientHttp2Session, type IncomingHttpHeaders } from 'node:http2'
import { createConnection } from 'node:net'
import type { MessageInitShape } from '@bufbuild/protobuf'
import { expect } from 'chai'
import fc from 'fast-check'
import { Agents, Messages, type AclMessageSchema, type AgentManifestSchema } from '../../../kernel/contract/index.js'
import { frameMessage } from '../../../plugins/api-grpc/grpc-framing.js'
import { echoModule } from '../../support/hostile-modules.js'
import { codeOf, type ServerClient } from '../../support/server-client.js'
import { ServerProcess } from '../../support/server-process.js'

const MIB = 1024 * 1024
const SEND = '/caxton.v1.Messages/Send'
const INVALID_ARGUMENT = 3
const RESOURCE_EXHAUSTED = 8
const UNIMPLEMENTED = 12
const NOISE = 200
const manyParameters = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`X-${index}`, '']))
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

describe('Bad calls', function () {
  this.timeout(30_000)
  let server: ServerProcess
  let client: ServerClient
  let echo: Uint8Array
  let session: ClientHttp2Session

  before(async () => {
    server = await ServerProcess.start({ sets: ['agents.shards=1'] })
    client = server.client()
    echo = await echoModule()
    await client.deploy('echo', echo)
    session = connect(`http://${server.address}`)
  })

  after(async () => {
    session.destroy()
    expect(server.log.filter(({ level }) => level === 'error')).to.deep.equal([])
    expect(await server.stop()).to.equal(0)
  })

  afterEach('the server is unharmed', async () => {
    expect((await client.status()).health).to.equal('ready')
    expect((await client.ask('echo')).performative).to.equal('inform')
    expect((await client.list()).map(({ name }) => name)).to.deep.equal(['echo'])
  })

  interface Answer { readonly status: number, readonly code: string, readonly message: string }
  const post = async (path: string, body: Uint8Array, headers: Record<string, string> = {}): Promise<Answer> => {
    const stream = session.request({ ':method': 'POST', ':path': path, 'content-type': 'application/grpc', 'te': 'trailers', ...headers })
    let found: IncomingHttpHeaders = {}
    stream.on('response', (answer: IncomingHttpHeaders) => { found = { ...found, ...answer } })
    stream.on('trailers', (answer: IncomingHttpHeaders) => { found = { ...found, ...answer } })
    stream.on('error', () => {})
    stream.end(body)
    stream.resume()
    await once(stream, 'close')
    return {
      status: Number(found['grpc-status'] ?? found[':status'] ?? -1), code: String(found['caxton-code'] ?? ''),
      message: decodeURIComponent(String(found['grpc-message'] ?? '')),
    }
  }

  describe('in their bytes', () => {
    const malformed: ReadonlyArray<readonly [what: string, body: Buffer]> = [
      ['bytes that are no message', Buffer.from('ffffffffffffffffffffff', 'hex')],
      ['a field that is cut off', Buffer.from([0x0a, 0x7f, 0x41])],
      ['a field that claims four gigabytes', Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f])],
      ['a text that is not UTF-8', Buffer.from([0x0a, 0x04, 0x0a, 0x02, 0xc3, 0x28])],
      ['a message within messages, too deep', Buffer.from('0b'.repeat(2_000), 'hex')],
    ]
    for (const [what, body] of malformed) {
      it(`refuses ${what}`, async () => {
        expect(await post(SEND, frameMessage(body))).to.include({ status: INVALID_ARGUMENT, code: 'REQUEST_MALFORMED' })
      })
    }

    it('refuses 5 MB of content, and says what the limit is', async () => {
      const answer = await post(SEND, frameMessage(Buffer.alloc(5 * MIB, 'x')))
      expect(answer.status).to.equal(RESOURCE_EXHAUSTED)
      expect(answer.message).to.match(/4194304/)
    })

    it('refuses 5 MB of content from its own client, and says what the limit is', async () => {
      const error: unknown = await client.send('echo', { content: new Uint8Array(5 * MIB) }).catch((cause: unknown) => cause)
      expect(error).to.be.an('error').with.property('message').that.matches(/4194304/)
    })

    it('refuses a method and a service that are none', async () => {
      expect((await post('/caxton.v1.Messages/Shout', frameMessage(Buffer.alloc(0)))).status).to.equal(UNIMPLEMENTED)
      expect((await post('/nobody.Nothing/Do', frameMessage(Buffer.alloc(0)))).status).to.equal(UNIMPLEMENTED)
    })

    it('answers what is no gRPC with a status of HTTP', async () => {
      expect((await post(SEND, Buffer.alloc(0), { 'content-type': 'text/plain' })).status).to.be.within(400, 499)
    })

    it('closes a connection that speaks something else', async () => {
      for (const text of ['GET / HTTP/1.1\r\nhost: x\r\n\r\n', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', '\0'.repeat(100)]) {
        const [host, port] = server.address.split(':')
        const socket = createConnection({ host: host ?? '', port: Number(port) })
        socket.on('error', () => {})
        socket.end(Buffer.from(text, 'latin1'))
        socket.resume()
        await once(socket, 'close')
      }
    })

    it(`is unharmed by ${NOISE} requests of noise`, async () => {
      const paths = [SEND, '/caxton.v1.Agents/Inspect', '/caxton.v1.Agents/Deploy', '/caxton.v1.Server/Metrics']
      await fc.assert(fc.asyncProperty(fc.constantFrom(...paths), fc.uint8Array({ maxLength: 300 }), fc.boolean(),
        async (path, bytes, isFramed) => {
          const { status } = await post(path, isFramed ? frameMessage(bytes) : bytes)
          expect(status).to.be.oneOf([0, 1, 3, 5, 8, 9, 12, 13])
        }), { numRuns: NOISE })
    })
  })

  type Message = MessageInitShape<typeof AclMessageSchema>
  const messages: ReadonlyArray<readonly [what: string, message: Message, code: string, names: RegExp]> = [
    ['an unknown performative', { performative: 'shout' }, 'MESSAGE_INVALID', /performative.*"shout"/],
    ['no performative', { performative: '' }, 'MESSAGE_INVALID', /performative/],
    ['a performative of a megabyte', { performative: 'x'.repeat(MIB) }, 'MESSAGE_INVALID', /performative/],
    ['no receiver', { receiver: '' }, 'MESSAGE_INVALID', /receiver/],
    ['an unknown receiver', { receiver: 'nobody' }, 'AGENT_NOT_FOUND', /"nobody"/],
    ['a receiver\'s name of a megabyte', { receiver: 'x'.repeat(MIB) }, 'AGENT_NOT_FOUND', /xxx/],
    ['an unknown protocol', { protocol: 'fipa-haggle' }, 'ACT_NOT_LEGAL', /fipa-haggle/],
    ['an act with which its protocol does not begin', { protocol: 'fipa-request', performative: 'inform' }, 'ACT_NOT_LEGAL', /inform/],
    ['a bad user parameter', { user: { colour: 'red' } }, 'MESSAGE_INVALID', /colour.*X-/],
    ['a user parameter\'s name of a megabyte', { user: { [`X-${'x'.repeat(MIB)}`]: '' } }, 'MESSAGE_INVALID', /X-/],
    ['33 user parameters', { user: manyParameters(33) }, 'MESSAGE_INVALID', /32/],
    ['an over-long ontology', { ontology: 'x'.repeat(2_000) }, 'MESSAGE_INVALID', /ontology.*1024/],
    ['a zero byte in its language', { language: 'a\0b' }, 'MESSAGE_INVALID', /language.*zero/],
    ['a time before 1970 for its answer', { replyBy: -1n }, 'MESSAGE_INVALID', /reply-by/],
    ['a time beyond all years for its answer', { replyBy: 2n ** 63n - 1n }, 'MESSAGE_INVALID', /reply-by/],
    ['content of 2 MB', { content: new Uint8Array(2 * MIB) }, 'MESSAGE_TOO_LARGE', /1048576/],
    ['more content than its receiver takes', { content: new Uint8Array(100_000) }, 'MESSAGE_TOO_LARGE', /./],
  ]
  for (const [what, message, code, names] of messages) {
    it(`refuses a message with ${what}`, async () => {
      const error: unknown = await client.ask('echo', message).catch((cause: unknown) => cause)
      if (!(error instanceof Error)) {
        // What only the receiver's thread finds out comes back as a failure.
        expect(error).to.include({ performative: 'failure' })
        expect(Buffer.from((error as { content: Uint8Array }).content).toString()).to.include(code)
        return
      }
      expect(error).to.include({ code })
      expect(error.message).to.match(names)
      expect(error.message.length).to.be.below(2_000)
    })
  }

  type Manifest = MessageInitShape<typeof AgentManifestSchema>
  const manifests: ReadonlyArray<readonly [what: string, name: string, manifest: Manifest, code: string, names: RegExp]> = [
    ['an over-long name', 'x'.repeat(256), {}, 'AGENT_NAME_INVALID', /xxx/],
    ['a name of a megabyte', 'x'.repeat(MIB), {}, 'AGENT_NAME_INVALID', /xxx/],
    ['no name', '', {}, 'AGENT_NAME_INVALID', /""/],
    ['a name that is a path', '../../etc/passwd', {}, 'AGENT_NAME_INVALID', /passwd/],
    ['a name with a line end', 'a\nb', {}, 'AGENT_NAME_INVALID', /./],
    ['an unknown permission', 'bad', { permissions: ['fly'] }, 'MANIFEST_INVALID', /permissions.*"fly"/],
    ['more memory than there may be', 'bad', { limits: { memoryBytes: 2n ** 63n } }, 'MANIFEST_INVALID', /memory_bytes/],
    ['less memory than a page', 'bad', { limits: { memoryBytes: 1n } }, 'MANIFEST_INVALID', /memory_bytes/],
    ['more fuel than there may be', 'bad', { limits: { fuelPerMessage: 2n ** 64n - 1n } }, 'MANIFEST_INVALID', /fuel_per_message/],
    ['a configuration of 100 KB', 'bad', { configuration: new Uint8Array(100_000) }, 'MANIFEST_INVALID', /configuration.*65536/],
  ]
  for (const [what, name, manifest, code, names] of manifests) {
    it(`refuses a deployment with ${what}`, async () => {
      const error: unknown = await client.deploy(name, echo, manifest).catch((cause: unknown) => cause)
      expect(error).to.include({ code })
      expect(error).to.have.property('message').that.matches(names)
    })
  }

  it('answers the same deployment again, and refuses another of the same name', async () => {
    expect((await client.deploy('echo', echo)).changed).to.equal(false)
    expect(await codeOf(client.deploy('echo', echo, { configuration: utf8('else') }))).to.equal('AGENT_ALREADY_EXISTS')
  })

  it('knows no agent that was never deployed', async () => {
    for (const method of [Agents.method.inspect, Agents.method.start, Agents.method.stop, Agents.method.remove]) {
      expect(await codeOf(client.connector.unary(method, { name: 'nobody' }))).to.equal('AGENT_NOT_FOUND')
    }
    expect(await codeOf(client.logs('nobody'))).to.equal('AGENT_NOT_FOUND')
    expect(await codeOf(client.inspect('x'.repeat(3 * MIB)))).to.equal('AGENT_NOT_FOUND')
  })

  it('says that an answer did not come in the time that was given', async () => {
    const request = { message: { performative: 'inform', receiver: 'echo', content: utf8('x') }, wait: true, waitMilliseconds: 1 }
    const outcome = await client.connector.unary(Messages.method.send, request).then(() => 'answered', codeOfError)
    expect(outcome).to.be.oneOf(['answered', 'ANSWER_TIMEOUT'])
  })
})

const codeOfError = (error: unknown): unknown => error instanceof Error && 'code' in error ? error.code : error
