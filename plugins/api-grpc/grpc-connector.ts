import {
  create, fromBinary, toBinary, type DescMethod, type MessageInitShape, type MessageShape,
} from '@bufbuild/protobuf'
import type { Connector, ConnectorTarget, OpenConnector } from '../../kernel/contract/index.js'
import { AnswerMalformed } from './api-grpc-errors.js'
import { GrpcConnection } from './grpc-connection.js'
import { OutboundCall } from './outbound-call.js'

/**
 * The client of the command line. Written on node:http2 because loading grpc-js takes longer than a whole command may.
 * Failures are the server's own declared errors, with its trace id in `details.traceId`, or those of
 * `api-grpc-errors.ts`.
 */
export const openConnector: OpenConnector = target => new GrpcConnector(target)

class GrpcConnector implements Connector {
  private readonly connection: GrpcConnection

  constructor (target: ConnectorTarget) {
    this.connection = new GrpcConnection(target)
  }

  async unary<M extends DescMethod> (
    method: M, request: MessageInitShape<M['input']>, signal?: AbortSignal,
  ): Promise<MessageShape<M['output']>> {
    return await this.only(method, await this.ask(method, request, signal))
  }

  async * serverStream<M extends DescMethod> (
    method: M, request: MessageInitShape<M['input']>, signal?: AbortSignal,
  ): AsyncGenerator<MessageShape<M['output']>> {
    const call = await this.ask(method, request, signal)
    for await (const answer of call.answers()) yield this.answerOf(method, answer)
  }

  async clientStream<M extends DescMethod> (
    method: M, requests: AsyncIterable<MessageInitShape<M['input']>>, signal?: AbortSignal,
  ): Promise<MessageShape<M['output']>> {
    const call = await this.call(method, signal)
    const sending = sendAll(method, requests, call)
    const answering = this.only(method, call)
    // A source that fails is the cause of whatever the server says about the call's sudden end.
    answering.catch(() => {})
    await sending
    return await answering
  }

  close (): void {
    this.connection.close()
  }

  /** Begins a call with the one request that it has. */
  private async ask<M extends DescMethod> (
    method: M, request: MessageInitShape<M['input']>, signal: AbortSignal | undefined,
  ): Promise<OutboundCall> {
    const bytes = bytesOf(method, request)
    const call = await this.call(method, signal)
    await call.send(bytes)
    call.end()
    return call
  }

  private async call (method: DescMethod, signal: AbortSignal | undefined): Promise<OutboundCall> {
    const operation = `${method.parent.typeName}/${method.name}`
    return new OutboundCall(await this.connection.stream(`/${operation}`), this.connection.address, operation, signal)
  }

  private async only<M extends DescMethod> (method: M, call: OutboundCall): Promise<MessageShape<M['output']>> {
    let answer: MessageShape<M['output']> | undefined
    for await (const bytes of call.answers()) answer = this.answerOf(method, bytes)
    if (answer === undefined) throw AnswerMalformed({ address: this.connection.address, because: 'it is empty' })
    return answer
  }

  private answerOf<M extends DescMethod> (method: M, bytes: Uint8Array): MessageShape<M['output']> {
    try {
      return fromBinary<M['output']>(method.output, bytes)
    } catch (error) {
      const because = error instanceof Error ? error.message : String(error)
      throw AnswerMalformed({ address: this.connection.address, because }, { cause: error })
    }
  }
}

async function sendAll<M extends DescMethod> (
  method: M, requests: AsyncIterable<MessageInitShape<M['input']>>, call: OutboundCall,
): Promise<void> {
  try {
    for await (const request of requests) {
      if (call.over) return
      await call.send(bytesOf(method, request))
    }
    call.end()
  } catch (error) {
    call.cancel()
    throw error
  }
}

function bytesOf<M extends DescMethod> (method: M, request: MessageInitShape<M['input']>): Uint8Array {
  return toBinary<M['input']>(method.input, create<M['input']>(method.input, request))
}
