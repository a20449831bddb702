import { once } from 'node:events'
import { fromBinary, getExtension, getOption, createFileRegistry, create } from '@bufbuild/protobuf'
import { FileDescriptorProtoSchema, FileDescriptorSetSchema, type FileDescriptorProto } from '@bufbuild/protobuf/wkt'
import {
  credentials, makeGenericClientConstructor, status, type Client, type ClientDuplexStream, type ServiceClientConstructor,
  type ServiceDefinition, type ServiceError,
} from '@grpc/grpc-js'
import { ReflectionV1Implementation } from '@grpc/reflection/build/src/implementations/reflection-v1.js'
import {
  ReflectionV1AlphaImplementation,
} from '@grpc/reflection/build/src/implementations/reflection-v1alpha.js'
import { expect } from 'chai'
import { service as healthDefinition } from 'grpc-health-check'
import { operation, Server, type Health, type ServerHealth } from '../../../../kernel/contract/index.js'
import {
  startGrpcServer, type TestHandler, type TestServer, type TestServerChoices,
} from '../../../support/grpc-server.js'
import { strangerService } from '../../../support/stranger-service.js'

const CLOCKWORK = strangerService([{ name: 'WindUp', right: 'clock:wind', changes: true }])
const none: TestHandler = async () => ({})
const SERVICES: TestServerChoices['services'] = [
  { service: Server, handlers: Object.fromEntries(Object.keys(Server.method).map(name => [name, none])) },
  { service: CLOCKWORK, handlers: { windUp: none } },
]

describe('standard gRPC services', () => {
  let server: TestServer | undefined
  const clients: Client[] = []
  afterEach(async () => {
    for (const client of clients.splice(0)) client.close()
    await server?.stop()
    server = undefined
  })
  const start = async (choices: Partial<TestServerChoices> = {}): Promise<TestServer> => {
    server = await startGrpcServer({ services: SERVICES, ...choices })
    return server
  }

  describe('health', () => {
    interface Answer { readonly status: string }
    type HealthClientType = InstanceType<ServiceClientConstructor>
    const HealthClient = makeGenericClientConstructor(healthDefinition, 'Health')
    const clientOf = ({ address }: TestServer): InstanceType<ServiceClientConstructor> => {
      const client = new HealthClient(address, credentials.createInsecure())
      clients.push(client)
      return client
    }
    const check = (client: HealthClientType, service: string): Promise<string> => new Promise(resolve => {
      client.check?.({ service }, (error: ServiceError | null, answer?: Answer) => {
        resolve(answer?.status ?? status[error?.code ?? 0] ?? '')
      })
    })

    it('says that server and services serve, and knows no others', async () => {
      const client = clientOf(await start())
      expect(await check(client, '')).to.equal('SERVING')
      expect(await check(client, 'acme.v1.Clockwork')).to.equal('SERVING')
      expect(await check(client, 'acme.v1.Other')).to.equal('NOT_FOUND')
    })

    it('follows the health of the server', async () => {
      let ready = false
      const failed: Health = { state: 'failed' }
      const health: ServerHealth = { ready: () => ready, overall: () => failed, parts: () => [] }
      const client = clientOf(await start({ health }))
      expect(await check(client, '')).to.equal('NOT_SERVING')
      ready = true
      expect(await check(client, '')).to.equal('SERVING')
    })

    it('lists every service', async () => {
      const client = clientOf(await start())
      const answer = await new Promise<{ readonly statuses: object }>(resolve => {
        client.list?.({}, (_error: unknown, given: { readonly statuses: object }) => { resolve(given) })
      })
      expect(Object.keys(answer.statuses)).to.have.members(['', 'caxton.v1.Server', 'acme.v1.Clockwork'])
    })

    it('tells a watcher the health now, also of a service it does not know, and lets it go', async () => {
      const client = clientOf(await start())
      for (const [service, expected] of [['', 'SERVING'], ['acme.v1.Other', 'SERVICE_UNKNOWN']] as const) {
        const watching = client.watch?.({ service }) as NodeJS.EventEmitter & { cancel (): void }
        watching.on('error', () => {})
        expect(await once(watching, 'data')).to.deep.equal([{ status: expected }])
        watching.cancel()
      }
    })
  })

  describe('reflection', () => {
    interface Answer {
      readonly listServicesResponse?: { readonly service: ReadonlyArray<{ readonly name: string }> }
      readonly fileDescriptorResponse?: { readonly fileDescriptorProto: readonly Uint8Array[] }
      readonly errorResponse?: { readonly errorCode: number }
    }
    const definitionOf = (version: 'v1' | 'v1alpha'): ServiceDefinition => {
      const Implementation = version === 'v1' ? ReflectionV1Implementation : ReflectionV1AlphaImplementation
      let found: ServiceDefinition = {}
      new Implementation({}).addToServer({ addService: definition => { found = definition } })
      return found
    }
    const clientOf = ({ address }: TestServer, version: 'v1' | 'v1alpha'): ClientDuplexStream<object, Answer> => {
      const ReflectionClient = makeGenericClientConstructor(definitionOf(version), 'ServerReflection')
      const client = new ReflectionClient(address, credentials.createInsecure())
      clients.push(client)
      return client.ServerReflectionInfo?.() as ClientDuplexStream<object, Answer>
    }
    const ask = async (stream: ClientDuplexStream<object, Answer>, request: object): Promise<Answer> => {
      stream.write(request)
      const [answer] = await once(stream, 'data') as [Answer]
      return answer
    }
    const hangUp = async (stream: ClientDuplexStream<object, Answer>): Promise<void> => {
      stream.end()
      stream.resume()
      await once(stream, 'end')
    }
    const filesOf = ({ fileDescriptorResponse }: Answer): FileDescriptorProto[] =>
      (fileDescriptorResponse?.fileDescriptorProto ?? [])
        .map(bytes => fromBinary(FileDescriptorProtoSchema, Buffer.from(bytes)))

    for (const version of ['v1', 'v1alpha'] as const) {
      it(`lists the services, a stranger's included (${version})`, async () => {
        const stream = clientOf(await start(), version)
        const { listServicesResponse } = await ask(stream, { listServices: '*' })
        expect(listServicesResponse?.service.map(({ name }) => name)).to.have.members(
          ['caxton.v1.Server', 'acme.v1.Clockwork', 'grpc.health.v1.Health'])
        await hangUp(stream)
      })
    }

    it('gives files that a client can build the service from, with the rights of its operations', async () => {
      const stream = clientOf(await start(), 'v1')
      const files = new Map<string, FileDescriptorProto>()
      const [main] = filesOf(await ask(stream, { fileContainingSymbol: 'caxton.v1.Server' }))
      const wanted = [main?.name ?? '']
      for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
        const file = filesOf(await ask(stream, { fileByFilename: name }))[0] ?? expect.fail(`no ${name}`)
        files.set(name, file)
        wanted.push(...file.dependency.filter(dependency => !files.has(dependency)))
      }
      await hangUp(stream)
      const registry = createFileRegistry(create(FileDescriptorSetSchema, { file: [...files.values()].reverse() }))
      const stop = registry.getService('caxton.v1.Server')?.method.stop ?? expect.fail('no method')
      expect(getOption(stop, operation)).to.include({ right: 'server:manage', changes: true })
      expect(stop.proto.options === undefined ? undefined : getExtension(stop.proto.options, operation).right)
        .to.equal('server:manage')
    })

    it('answers for unknown and odd names with an error, unharmed', async () => {
      const stream = clientOf(await start(), 'v1')
      for (const name of ['no.such.Thing', '', 'x'.repeat(5_000)]) {
        expect((await ask(stream, { fileContainingSymbol: name })).errorResponse?.errorCode).to.equal(status.NOT_FOUND)
      }
      for (const name of ['__proto__', 'constructor', 'toString']) await ask(stream, { fileContainingSymbol: name })
      expect((await ask(stream, { listServices: '' })).listServicesResponse?.service).to.have.length(3)
      await hangUp(stream)
    })

    it('can be turned off', async () => {
      const stream = clientOf(await start({ config: { reflection: false } }), 'v1')
      stream.write({ listServices: '*' })
      const [error] = await once(stream, 'error') as [ServiceError]
      expect(error.code).to.equal(status.UNIMPLEMENTED)
    })
  })
})
