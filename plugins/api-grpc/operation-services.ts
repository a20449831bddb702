import type {
  handleClientStreamingCall, handleServerStreamingCall, handleUnaryCall, MethodDefinition, sendUnaryData, Server,
  ServerReadableStream, UntypedHandleCall,
} from '@grpc/grpc-js'
import type { Logger, OperationInfo, Operations } from '../../kernel/contract/index.js'
import { AnswerUnencodable, CallInterrupted } from './api-grpc-errors.js'
import { CallFailed } from './call-failed.js'
import { failureOf } from './grpc-status.js'
import { InboundCall, type CallSettings, type ServerCall } from './inbound-call.js'
import { readRequest, writeAnswer } from './message-codec.js'
import { messagesOf } from './stream-messages.js'

type Bytes = Buffer

/**
 * gRPC services made from the descriptors of operations. Every call goes to {@link Operations}; nothing is decided
 * here.
 */
export class OperationServices {
  private readonly open = new Set<{ readonly operation: OperationInfo, readonly inbound: InboundCall }>()

  constructor (
    private readonly operations: Operations,
    private readonly settings: CallSettings,
    private readonly log: Logger,
  ) {}

  /** Puts every operation on the server. */
  addTo (server: Server): void {
    for (const operation of this.operations.list()) {
      const name = operation.method.name
      server.addService({ [name]: definitionOf(operation) }, { [name]: this.handlerOf(operation) })
    }
  }

  /** Ends streams of answers, which would last for ever; with `all`, every call. */
  end (all: boolean): void {
    for (const { operation, inbound } of this.open) {
      const stream = operation.method.methodKind === 'server_streaming'
      if (all || stream) inbound.abort(CallInterrupted({ operation: operation.name }))
    }
  }

  private handlerOf (operation: OperationInfo): UntypedHandleCall {
    switch (operation.method.methodKind) {
      case 'server_streaming': return this.serverStream(operation)
      case 'client_streaming': return this.clientStream(operation)
      default: return this.unary(operation)
    }
  }

  private unary (operation: OperationInfo): handleUnaryCall<Bytes, Bytes> {
    return (grpc, callback) => {
      void respond(callback, this.carry(grpc, operation, async ({ call }) => {
        const request = readRequest(operation, grpc.request)
        return writeAnswer(operation, await this.operations.unary(operation, request, call))
      }))
    }
  }

  private clientStream (operation: OperationInfo): handleClientStreamingCall<Bytes, Bytes> {
    return (grpc, callback) => {
      void respond(callback, this.carry(grpc, operation, async ({ call }) => {
        return writeAnswer(operation, await this.operations.clientStream(operation, requestsOf(operation, grpc), call))
      }))
    }
  }

  private serverStream (operation: OperationInfo): handleServerStreamingCall<Bytes, Bytes> {
    return grpc => {
      this.carry(grpc, operation, async ({ call, signal }) => {
        const request = readRequest(operation, grpc.request)
        for await (const answer of this.operations.serverStream(operation, request, call)) {
          if (!grpc.write(writeAnswer(operation, answer))) await drained(grpc, signal)
        }
      }).then(() => { grpc.end() }, (failure: unknown) => { if (!grpc.cancelled) grpc.emit('error', failure) })
    }
  }

  /** Does the work of one call; rejects with the status that the client gets. */
  private async carry<T> (
    grpc: ServerCall, operation: OperationInfo, work: (inbound: InboundCall) => Promise<T>,
  ): Promise<T> {
    const inbound = new InboundCall(grpc, operation, this.settings)
    const entry = { operation, inbound }
    this.open.add(entry)
    try {
      inbound.ensureModest(this.settings)
      const answer = await work(inbound)
      inbound.ensureInTime()
      return answer
    } catch (error) {
      throw this.failed(error)
    } finally {
      inbound.close()
      this.open.delete(entry)
    }
  }

  private failed (error: unknown): CallFailed {
    if (AnswerUnencodable.is(error)) this.log.error(error.message, { error })
    return new CallFailed(failureOf(error, this.operations.traceOf(error)))
  }
}

async function respond (callback: sendUnaryData<Bytes>, answer: Promise<Bytes>): Promise<void> {
  const [failure, bytes] = await answer.then(given => [null, given] as const, (error: CallFailed) => [error] as const)
  callback(failure, bytes)
}

/** Messages pass grpc-js as bytes: what it says about a malformed one would be INTERNAL, without a reason. */
function definitionOf ({ method }: OperationInfo): MethodDefinition<Bytes, Bytes> {
  const same = (bytes: Bytes): Bytes => bytes
  return {
    path: `/${method.parent.typeName}/${method.name}`,
    requestStream: method.methodKind === 'client_streaming',
    responseStream: method.methodKind === 'server_streaming',
    requestSerialize: same,
    requestDeserialize: same,
    responseSerialize: same,
    responseDeserialize: same,
  }
}

/** The call is left as it is when its requests have been read: destroyed, it would end as one that the client cancelled. */
async function * requestsOf (operation: OperationInfo, grpc: ServerReadableStream<Bytes, Bytes>): AsyncGenerator<unknown> {
  for await (const bytes of messagesOf(grpc)) yield readRequest(operation, bytes)
}

/** Resolves when the client has taken enough of what was written, or nothing more will be. */
export function drained (stream: NodeJS.EventEmitter, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const go = (): void => {
      stream.off('drain', go)
      signal.removeEventListener('abort', go)
      resolve()
    }
    stream.once('drain', go)
    signal.addEventListener('abort', go)
    if (signal.aborted) go()
  })
}
