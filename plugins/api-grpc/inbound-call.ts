import type { Metadata, ServerReadableStream, ServerUnaryCall, ServerWritableStream } from '@grpc/grpc-js'
import type { Call, Clock, OperationInfo, Origin } from '../../kernel/contract/index.js'
import { CallTimeout, HeadersTooLarge } from './api-grpc-errors.js'

/** The three kinds of call as grpc-js hands them over, with messages as bytes. */
export type ServerCall =
  ServerUnaryCall<Buffer, Buffer> | ServerReadableStream<Buffer, Buffer> | ServerWritableStream<Buffer, Buffer>

/** What {@link InboundCall} knows of the face. */
export interface CallSettings {
  /** Instance name of the face. */
  readonly face: string
  readonly clock: Clock
  /** Longest time of a call that is no stream of answers, in milliseconds. */
  readonly longest: number
  /** Most bytes of the headers of a call. */
  readonly largestHeaders: number
}

/**
 * A client's call, and everything that may end it early: the client, its deadline, the server's own limit, the end of
 * the server.
 */
export class InboundCall {
  readonly call: Call
  private readonly controller = new AbortController()
  private readonly letGo: () => void
  private readonly headerBytes: number

  constructor (private readonly grpc: ServerCall, private readonly operation: OperationInfo, settings: CallSettings) {
    const { headers, bytes } = headersOf(grpc.metadata)
    this.headerBytes = bytes
    this.call = { origin: originOf(grpc, settings.face, headers), signal: this.controller.signal }
    const deadline = Number(grpc.getDeadline())
    const left = Math.min(this.longest(settings), Math.max(0, deadline - settings.clock.now()))
    // Made when it is needed: an error takes as long as many a call.
    const timeout = (): Error => CallTimeout({ operation: operation.name, milliseconds: Math.round(left) })
    const timer = left === Infinity ? undefined : settings.clock.after(left, () => { this.abort(timeout()) })
    // At the client's deadline grpc-js cancels the call a moment before our timer fires.
    const cancelled = (): void => { this.abort(settings.clock.now() >= deadline ? timeout() : undefined) }
    const events: NodeJS.EventEmitter = grpc
    events.once('cancelled', cancelled)
    this.letGo = () => {
      timer?.cancel()
      // grpc-js says so of every call in the end.
      events.off('cancelled', cancelled)
    }
  }

  /** Throws `HEADERS_TOO_LARGE`. Before anything else looks at them. */
  ensureModest ({ largestHeaders: most }: CallSettings): void {
    const bytes = this.headerBytes
    if (bytes > most) throw HeadersTooLarge({ operation: this.operation.name, bytes, most })
  }

  /** Throws `CALL_TIMEOUT` when its time was over: an answer that comes too late is none, also where the handler was just done. */
  ensureInTime (): void {
    const reason: unknown = this.controller.signal.reason
    if (CallTimeout.is(reason)) throw reason
  }

  get signal (): AbortSignal {
    return this.controller.signal
  }

  /** Whether nobody waits for an answer any more. */
  get gone (): boolean {
    return this.grpc.cancelled
  }

  abort (reason?: Error): void {
    this.controller.abort(reason)
  }

  /** Call once, when it has been answered. */
  close (): void {
    this.letGo()
  }

  /** A stream of answers may last. */
  private longest ({ longest }: CallSettings): number {
    return this.operation.method.methodKind === 'server_streaming' ? Infinity : longest
  }
}

function originOf (grpc: ServerCall, face: string, headers: Map<string, string>): Origin {
  const certificate = grpc.getAuthContext().sslPeerCertificate?.raw
  return {
    face,
    address: addressOf(grpc.getPeer()),
    headers,
    ...certificate === undefined ? {} : { certificate: new Uint8Array(certificate) },
  }
}

/** grpc-js writes `127.0.0.1:4711` and `::1:4711`; an IPv4 peer of an IPv6 socket comes as `::ffff:127.0.0.1:4711`. */
export function addressOf (peer: string): string {
  const end = peer.lastIndexOf(':')
  const address = end < 0 ? peer : peer.slice(0, end)
  return address.replace(/^::ffff:(?=\d+\.)/i, '')
}

/**
 * The headers of a call that are texts, and the size of all of them: as HTTP/2 counts (RFC 9113 §6.5.2), without what grpc-js takes for
 * itself.
 */
function headersOf (metadata: Metadata): { readonly headers: Map<string, string>, readonly bytes: number } {
  const headers = new Map<string, string>()
  let bytes = 0
  for (const [name, given = ''] of Object.entries(metadata.toHttp2Headers())) {
    const values = [given].flat().map(String)
    for (const value of values) bytes += name.length + value.length + 32
    if (!name.endsWith('-bin')) headers.set(name, values.join(', '))
  }
  return { headers, bytes }
}
