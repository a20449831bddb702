import { toBinary, fromBinary, type DescFile, type DescService } from '@bufbuild/protobuf'
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt'
import type { Server, ServerDuplexStream } from '@grpc/grpc-js'
import { ReflectionV1Implementation } from '@grpc/reflection/build/src/implementations/reflection-v1.js'
import { ReflectionV1AlphaImplementation } from '@grpc/reflection/build/src/implementations/reflection-v1alpha.js'
import { service as healthDefinition } from 'grpc-health-check'
import { drained } from './operation-services.js'

type Definitions = ConstructorParameters<typeof ReflectionV1Implementation>[0]
type Request = Parameters<ReflectionV1Implementation['handleServerReflectionRequest']>[0]
type Answer = ReturnType<ReflectionV1Implementation['handleServerReflectionRequest']>
type Exchange = ServerDuplexStream<Request, Answer>

const HEALTH = 'grpc.health.v1.Health'

/**
 * Server reflection, v1 and v1alpha, over the descriptors of the services that are served, a stranger's included.
 * @grpc/reflection looks things up; it is driven from here because on its own it answers faster than a client reads,
 * without bound, and drops custom options.
 */
export class ReflectionService {
  private readonly files = new Map<string, Uint8Array>()

  constructor (private readonly services: readonly DescService[]) {
    for (const service of services) this.collect(service.file)
    for (const bytes of healthFiles()) this.files.set(fromBinary(FileDescriptorProtoSchema, bytes).name, bytes)
  }

  addTo (server: Server): void {
    const fileDescriptorProtos = [...this.files.values()].map(bufferOf)
    const definitions: Definitions = {
      caxton: { format: 'Protocol Buffer 3 DescriptorProto', type: {}, fileDescriptorProtos },
    }
    const options = { services: [...this.services.map(service => service.typeName), HEALTH] }
    for (const Implementation of [ReflectionV1Implementation, ReflectionV1AlphaImplementation]) {
      const implementation = new Implementation(definitions, options)
      implementation.addToServer({
        addService: definition => {
          server.addService(definition, {
            ServerReflectionInfo: (stream: Exchange) => {
              this.serve(implementation, stream)
                .then(() => { stream.end() }, (failure: unknown) => { stream.emit('error', failure) })
            },
          })
        },
      })
    }
  }

  private async serve (implementation: ReflectionV1Implementation, stream: Exchange): Promise<void> {
    const gone = new AbortController()
    stream.once('cancelled', () => { gone.abort() })
    try {
      // Otherwise the end of the requests would destroy the stream together with what is still to be sent.
      const requests: AsyncIterable<Request> = stream.iterator({ destroyOnReturn: false })
      for await (const request of requests) {
        const answer = this.withOptions(implementation.handleServerReflectionRequest(request))
        if (!stream.write(answer)) await drained(stream, gone.signal)
      }
    } catch (error) {
      if (!gone.signal.aborted) throw error
    }
  }

  /** The package writes files anew and loses custom options, and with them every operation's right. */
  private withOptions (answer: Answer): Answer {
    const found = answer.fileDescriptorResponse?.fileDescriptorProto
    if (found === undefined) return answer
    const files = found.map(bytes => {
      const name = fromBinary(FileDescriptorProtoSchema, Buffer.from(bytes)).name
      return bufferOf(this.files.get(name) ?? Buffer.from(bytes))
    })
    return { ...answer, fileDescriptorResponse: { fileDescriptorProto: files } }
  }

  private collect (file: DescFile): void {
    if (this.files.has(file.proto.name)) return
    for (const dependency of file.dependencies) this.collect(dependency)
    this.files.set(file.proto.name, toBinary(FileDescriptorProtoSchema, file.proto))
  }
}

function healthFiles (): Uint8Array[] {
  return Object.values(healthDefinition).flatMap(method => method.requestType.fileDescriptorProtos)
}

function bufferOf (bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
