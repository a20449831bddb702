import { create, type DescMethod, type MessageInitShape, type MessageShape } from '@bufbuild/protobuf'
import { Client, credentials, Metadata, type ServiceError } from '@grpc/grpc-js'
import type { Connector, ConnectorTarget, OpenConnector } from '../../../kernel/contract/index.js'
import { definitionOf, fromWire } from './stub-wire.js'

/** A small client for the stub server, so that tests of the program need no plugin. */
export const openConnector: OpenConnector = target => new StubGrpcConnector(target)

class StubGrpcConnector implements Connector {
  private readonly client: Client

  constructor ({ address }: ConnectorTarget) {
    this.client = new Client(address, credentials.createInsecure())
  }

  unary<M extends DescMethod> (
    method: M, request: MessageInitShape<M['input']>, signal?: AbortSignal,
  ): Promise<MessageShape<M['output']>> {
    const { path, requestSerialize, responseDeserialize } = definitionOf(method)
    const message = create<M['input']>(method.input, request)
    return new Promise((resolve, reject) => {
      const ended = (error: ServiceError | null, answer?: MessageShape<M['output']>): void => {
        if (answer === undefined) reject(fromWire(error as ServiceError))
        else resolve(answer)
      }
      const call = this.client.makeUnaryRequest(path, requestSerialize, responseDeserialize, message, new Metadata(), ended)
      signal?.addEventListener('abort', () => { call.cancel() })
    })
  }

  async * serverStream<M extends DescMethod> (
    method: M, request: MessageInitShape<M['input']>, signal?: AbortSignal,
  ): AsyncGenerator<MessageShape<M['output']>> {
    const { path, requestSerialize, responseDeserialize } = definitionOf(method)
    const message = create<M['input']>(method.input, request)
    const call = this.client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, message)
    signal?.addEventListener('abort', () => { call.cancel() })
    try {
      for await (const answer of call) yield answer as MessageShape<M['output']>
    } catch (error) {
      throw fromWire(error as ServiceError)
    }
  }

  async clientStream<M extends DescMethod> (
    method: M, requests: AsyncIterable<MessageInitShape<M['input']>>,
  ): Promise<MessageShape<M['output']>> {
    const { path, requestSerialize, responseDeserialize } = definitionOf(method)
    let finish: (error: ServiceError | null, answer?: MessageShape<M['output']>) => void = () => {}
    const answered = new Promise<MessageShape<M['output']>>((resolve, reject) => {
      finish = (error, answer) => {
        if (answer === undefined) reject(fromWire(error as ServiceError))
        else resolve(answer)
      }
    })
    const ended = (error: ServiceError | null, answer?: MessageShape<M['output']>): void => { finish(error, answer) }
    const call = this.client.makeClientStreamRequest(path, requestSerialize, responseDeserialize, ended)
    for await (const request of requests) call.write(create<M['input']>(method.input, request))
    call.end()
    return await answered
  }

  close (): void {
    this.client.close()
  }
}
