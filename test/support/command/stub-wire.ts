import { fromBinary, toBinary, type DescMethod, type MessageShape } from '@bufbuild/protobuf'
import { Metadata, status, type MethodDefinition, type ServiceError } from '@grpc/grpc-js'
import { CaxtonError, type ErrorKind } from '../../../kernel/contract/index.js'

type Definition<M extends DescMethod> = MethodDefinition<MessageShape<M['input']>, MessageShape<M['output']>>

/** A method as grpc-js wants it, from its descriptor. */
export function definitionOf<M extends DescMethod> (method: M): Definition<M> {
  return {
    path: `/${method.parent.typeName}/${method.name}`,
    requestStream: method.methodKind === 'client_streaming',
    responseStream: method.methodKind === 'server_streaming',
    requestSerialize: (message: MessageShape<M['input']>) => Buffer.from(toBinary(method.input, message)),
    requestDeserialize: bytes => fromBinary<M['input']>(method.input, bytes),
    responseSerialize: (message: MessageShape<M['output']>) => Buffer.from(toBinary(method.output, message)),
    responseDeserialize: bytes => fromBinary<M['output']>(method.output, bytes),
  }
}

const KEY = 'stub-error'

/** A declared error on the wire between the stub server and the stub connector. */
export function toWire (error: unknown): ServiceError {
  const { code, kind, message, remedy } = error instanceof CaxtonError
    ? error
    : { code: 'STUB_FAILED', kind: 'internal', message: String(error), remedy: '' }
  const metadata = new Metadata()
  metadata.set(KEY, JSON.stringify({ code, kind, message, remedy }))
  return Object.assign(new Error(message), { code: status.UNKNOWN, details: message, metadata })
}

/** The declared error that came over the wire, or one for a connection that failed. */
export function fromWire (error: ServiceError): CaxtonError {
  const text = error.metadata?.get(KEY)[0]
  if (typeof text === 'string') {
    const sent = JSON.parse(text) as { code: string, kind: ErrorKind, message: string, remedy: string }
    return new CaxtonError(sent.code, sent.kind, sent.message, { traceId: 'trace-of-the-stub' }, sent.remedy)
  }
  return new CaxtonError('SERVER_UNREACHABLE', 'unavailable', 'no server answers', {}, 'Start one.', { cause: error })
}
