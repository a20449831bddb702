import {
  create, fromBinary, toBinary, type DescMessage, type DescMethod, type MessageInitShape,
} from '@bufbuild/protobuf'
import {
  Client, credentials, Metadata, type ClientReadableStream, type ClientWritableStream, type ServiceError,
} from '@grpc/grpc-js'
import { startGrpcServer, type TestHandler, type TestServer, type TestServerChoices } from './grpc-server.js'
import { strangerService } from './stranger-service.js'

const SERVICE = strangerService([
  { name: 'Read', right: 'notes:read' },
  { name: 'Follow', right: 'notes:read', givesStream: true },
  { name: 'Upload', right: 'notes:write', changes: true, takesStream: true },
])
export const [READ, FOLLOW, UPLOAD] = SERVICE.methods as [DescMethod, DescMethod, DescMethod]

/** The only message of the service. */
export interface Note {
  readonly name: string
  readonly count: number
  readonly data: Uint8Array
}

/** Where a method is called, as gRPC writes it. */
export const pathOf = (method: DescMethod): string => `/${method.parent.typeName}/${method.name}`

const encode = (method: DescMethod) => (note: Partial<Note>): Buffer =>
  Buffer.from(toBinary(method.input, create(method.input, note as MessageInitShape<DescMessage>)))

const decode = (method: DescMethod) => (bytes: Buffer): Note => {
  const message: unknown = fromBinary(method.output, bytes)
  if (isNote(message)) return message
  throw new Error('the answer is no note')
}

function isNote (value: unknown): value is Note {
  return typeof value === 'object' && value !== null && 'name' in value && 'count' in value && 'data' in value
}

/** A server with one operation of each kind, and grpc-js as its client. */
export class NoteServer {
  private server: TestServer | undefined
  private readonly clients: Client[] = []

  /** Handlers that are not given answer with an empty note. */
  async start (
    handlers: Readonly<Record<string, TestHandler>>, choices: Partial<TestServerChoices> = {},
  ): Promise<TestServer> {
    const none: TestHandler = async () => ({})
    const all = { read: none, follow: none, upload: none, ...handlers }
    this.server = await startGrpcServer({ services: [{ service: SERVICE, handlers: all }], ...choices })
    return this.server
  }

  async stop (): Promise<void> {
    for (const client of this.clients.splice(0)) client.close()
    await this.server?.stop()
    this.server = undefined
  }

  client (): Client {
    const client = new Client(this.server?.address ?? '', credentials.createInsecure())
    this.clients.push(client)
    return client
  }

  read (fields: Partial<Note> = {}, metadata = new Metadata(), deadline = Infinity, client = this.client()): Promise<Note> {
    return new Promise((resolve, reject) => {
      const done = settling(resolve, reject)
      client.makeUnaryRequest(pathOf(READ), encode(READ), decode(READ), fields, metadata, { deadline }, done)
    })
  }

  follow (client = this.client()): ClientReadableStream<Note> {
    return client.makeServerStreamRequest<Partial<Note>, Note>(pathOf(FOLLOW), encode(FOLLOW), decode(FOLLOW), {})
  }

  upload (send: (call: ClientWritableStream<Partial<Note>>) => void): Promise<Note> {
    return new Promise((resolve, reject) => {
      const done = settling(resolve, reject)
      send(this.client().makeClientStreamRequest(pathOf(UPLOAD), encode(UPLOAD), decode(UPLOAD), done))
    })
  }
}

/** The gRPC failure of a call that must not succeed. */
export async function grpcFailure (work: Promise<unknown>): Promise<ServiceError> {
  const error: unknown = await work.then(() => undefined, (reason: unknown) => reason)
  if (error instanceof Error && 'metadata' in error) return error as ServiceError
  throw new Error(`no gRPC failure: ${String(error)}`)
}

const settling = (resolve: (note: Note) => void, reject: (error: Error) => void) =>
  (error: ServiceError | null, answer?: Note): void => {
    if (answer === undefined) reject(error ?? new Error('no answer'))
    else resolve(answer)
  }
