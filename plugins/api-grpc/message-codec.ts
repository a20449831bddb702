import { fromBinary, toBinary, type DescMessage, type Message } from '@bufbuild/protobuf'
import type { OperationInfo } from '../../kernel/contract/index.js'
import { AnswerUnencodable, RequestMalformed } from './api-grpc-errors.js'

/** Reads a request. Throws `REQUEST_MALFORMED` for bytes that are not such a message. */
export function readRequest (operation: OperationInfo, bytes: Uint8Array): Message {
  try {
    return fromBinary<DescMessage>(operation.method.input, bytes)
  } catch (error) {
    throw RequestMalformed({ operation: operation.name, because: reasonOf(error) }, { cause: error })
  }
}

/** Writes an answer. Throws `ANSWER_UNENCODABLE` if it does not fit the operation's type. */
export function writeAnswer (operation: OperationInfo, answer: unknown): Buffer {
  try {
    const bytes = toBinary<DescMessage>(operation.method.output, answer as Message)
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  } catch (error) {
    throw AnswerUnencodable({ operation: operation.name }, { cause: error })
  }
}

function reasonOf (error: unknown): string {
  if (!(error instanceof Error)) return 'it is not a message'
  const notText = 'code' in error && error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA'
  return notText ? 'a text in it is not valid UTF-8' : error.message
}
