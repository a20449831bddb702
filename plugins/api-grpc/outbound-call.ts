import { constants, type ClientHttp2Stream, type IncomingHttpHeaders } from 'node:http2'
import { CaxtonError, isCaxtonError } from '../../kernel/contract/index.js'
import { AnswerMalformed, CallAbandoned, CallRefused, ConnectionLost, OperationNotServed } from './api-grpc-errors.js'
import { frameMessage, MessageReader } from './grpc-framing.js'
import { errorOf, GRPC_OK, GRPC_UNIMPLEMENTED, kindOfStatus } from './grpc-status.js'

/** Largest answer that is taken, in bytes. */
const LARGEST_ANSWER = 64 * 2 ** 20

/** One call on an HTTP/2 stream. */
export class OutboundCall {
  private headers: IncomingHttpHeaders = {}
  private trailers: IncomingHttpHeaders = {}
  private broken: Error | undefined

  constructor (
    private readonly stream: ClientHttp2Stream,
    private readonly address: string,
    private readonly operation: string,
    private readonly signal: AbortSignal | undefined,
  ) {
    stream.on('response', (headers: IncomingHttpHeaders) => { this.headers = headers })
    stream.on('trailers', (trailers: IncomingHttpHeaders) => { this.trailers = trailers })
    stream.on('error', (error: Error) => { this.broken ??= error })
    // What is sent in one turn of the event loop leaves in one write, the call's end included.
    stream.cork()
    setImmediate(() => { stream.uncork() })
    if (signal?.aborted === true) this.cancel()
    else signal?.addEventListener('abort', this.cancel)
  }

  /** Sends a message; resolves when the connection can take more, or the call is over. */
  async send (message: Uint8Array): Promise<void> {
    if (this.over || this.stream.write(frameMessage(message))) return
    await new Promise<void>(resolve => {
      const go = (): void => {
        this.stream.off('drain', go).off('close', go)
        resolve()
      }
      this.stream.on('drain', go).on('close', go)
    })
  }

  /** No more messages will be sent. */
  end (): void {
    if (!this.over) this.stream.end()
  }

  /** Whether sending makes sense no more: the server has answered or is gone. */
  get over (): boolean {
    return this.stream.destroyed || this.stream.closed || this.stream.writableEnded || this.status !== undefined
  }

  /** The answers until the call ends well. Throws what the server refused with, or what happened to the connection. */
  async * answers (): AsyncGenerator<Buffer> {
    const reader = new MessageReader(LARGEST_ANSWER)
    try {
      for await (const chunk of this.stream) yield * this.messagesOf(reader, chunk as Buffer)
      this.ensureWell(reader)
    } catch (error) {
      throw this.failure(error)
    } finally {
      this.signal?.removeEventListener('abort', this.cancel)
    }
  }

  /** Gives the call up; the server is told. */
  readonly cancel = (): void => { this.stream.close(constants.NGHTTP2_CANCEL) }

  private get status (): string | undefined {
    const status = this.trailers['grpc-status'] ?? this.headers['grpc-status']
    return typeof status === 'string' ? status : undefined
  }

  private messagesOf (reader: MessageReader, chunk: Buffer): Buffer[] {
    try {
      return reader.push(chunk)
    } catch (error) {
      throw AnswerMalformed({ address: this.address, because: error instanceof Error ? error.message : '' })
    }
  }

  private ensureWell (reader: MessageReader): void {
    if (this.broken !== undefined) throw this.broken
    if (this.status !== String(GRPC_OK)) throw this.refusal()
    if (reader.unfinished) throw AnswerMalformed({ address: this.address, because: 'the last message is cut off' })
  }

  private failure (error: unknown): CaxtonError {
    if (this.signal?.aborted === true) return CallAbandoned({ operation: this.operation })
    if (isCaxtonError(error)) return error
    return this.status !== undefined && this.status !== String(GRPC_OK) ? this.refusal() : this.lost(error)
  }

  private lost (error: unknown): CaxtonError {
    return ConnectionLost({ address: this.address, because: error instanceof Error ? error.message : String(error) })
  }

  private refusal (): CaxtonError {
    const { address, operation } = this
    if (this.status === undefined) {
      const http = Number(this.headers[':status'] ?? 200)
      if (http === 200) return this.lost('the answer has no end')
      return AnswerMalformed({ address, because: `HTTP status ${http}` })
    }
    const fields = { ...this.headers, ...this.trailers }
    const message = decoded(String(fields['grpc-message'] ?? ''))
    const declared = errorOf(message, name => fields[name]?.toString())
    if (declared !== undefined) return declared
    if (Number(this.status) === GRPC_UNIMPLEMENTED) return OperationNotServed({ address, operation })
    const { code, message: sentence, details, remedy } = CallRefused({ address, operation, because: message })
    return new CaxtonError(code, kindOfStatus(Number(this.status)), sentence, details, remedy)
  }
}

/** grpc-message is percent-encoded (gRPC over HTTP/2, "Status-Message"). */
function decoded (message: string): string {
  try {
    return decodeURIComponent(message)
  } catch {
    return message
  }
}
