import { CaxtonError, isCaxtonError, type ErrorKind } from '../../kernel/contract/index.js'

/** gRPC status codes: https://grpc.io/docs/guides/status-codes */
export const GRPC_OK = 0
export const GRPC_UNIMPLEMENTED = 12

const STATUS_OF: Readonly<Record<ErrorKind, number>> = {
  'cancelled': 1, 'invalid': 3, 'timeout': 4, 'not-found': 5, 'exists': 6, 'denied': 7, 'exhausted': 8,
  'precondition': 9, 'configuration': 9, 'internal': 13, 'unavailable': 14, 'unauthenticated': 16,
}

/** Trailers of a failed call. Names with -bin carry bytes; all others printable ASCII. */
export const TRAILER = {
  code: 'caxton-code',
  kind: 'caxton-kind',
  traceId: 'caxton-trace-id',
  remedy: 'caxton-remedy-bin',
  details: 'caxton-details-bin',
  /** In milliseconds, for clients that try again by themselves (gRFC A6). */
  pushback: 'grpc-retry-pushback-ms',
} as const

/** Together far below the 8 KiB of headers that gRPC clients accept by default. */
const MOST_MESSAGE = 1_024
const MOST_REMEDY = 1_024
const MOST_DETAILS = 3_072
const MOST_CODE = 128

/** A failure as gRPC carries it. */
export interface GrpcFailure {
  readonly status: number
  readonly message: string
  readonly trailers: ReadonlyArray<readonly [name: string, value: string | Buffer]>
}

/** What the caller sees of an error. Anything undeclared shows nothing but that it happened. */
export function failureOf (error: unknown, traceId: string | undefined): GrpcFailure {
  if (!isCaxtonError(error)) {
    const message = 'the call failed for a reason that nobody foresaw'
    const trailers = [[TRAILER.code, 'INTERNAL_ERROR'], [TRAILER.kind, 'internal']] as const
    return { status: STATUS_OF.internal, message, trailers }
  }
  const details = detailsText(error.details)
  return {
    status: STATUS_OF[error.kind] ?? STATUS_OF.internal,
    message: wellFormed(error.message.slice(0, MOST_MESSAGE)),
    trailers: [
      [TRAILER.code, printable(error.code)],
      [TRAILER.kind, printable(error.kind)],
      [TRAILER.remedy, Buffer.from(error.remedy.slice(0, MOST_REMEDY))],
      ...traceId === undefined ? [] : [[TRAILER.traceId, printable(traceId)] as const],
      ...details === undefined ? [] : [[TRAILER.details, Buffer.from(details)] as const],
      ...retryAfterOf(error.details).map(milliseconds => [TRAILER.pushback, String(milliseconds)] as const),
    ],
  }
}

/** When to come again, where an error says so. */
function retryAfterOf (details: object): number[] {
  const milliseconds: unknown = 'retryAfter' in details ? details.retryAfter : undefined
  return typeof milliseconds === 'number' && milliseconds >= 0 && milliseconds <= 0x7fff_ffff ? [Math.ceil(milliseconds)] : []
}

/** The error that {@link failureOf} made a failure of, or undefined if the trailers come from elsewhere. */
export function errorOf (message: string, trailer: (name: string) => string | undefined): CaxtonError | undefined {
  const code = trailer(TRAILER.code)
  const kind = trailer(TRAILER.kind)
  if (code === undefined || !isKind(kind)) return undefined
  const traceId = trailer(TRAILER.traceId)
  const details = { ...parsedDetails(bytesText(trailer(TRAILER.details))), ...traceId === undefined ? {} : { traceId } }
  return new CaxtonError(code, kind, message, details, bytesText(trailer(TRAILER.remedy)))
}

/** The kind that is nearest to a status which comes without trailers of ours. */
export function kindOfStatus (status: number): ErrorKind {
  const found = Object.entries(STATUS_OF).find(([, code]) => code === status)?.[0]
  return isKind(found) ? found : 'internal'
}

function isKind (text: string | undefined): text is ErrorKind {
  return text !== undefined && Object.hasOwn(STATUS_OF, text)
}

function detailsText (details: object): string | undefined {
  try {
    const plain = (_name: string, value: unknown): unknown => typeof value === 'bigint' ? value.toString() : value
    const text = JSON.stringify(details, plain)
    return Buffer.byteLength(text) <= MOST_DETAILS ? text : undefined
  } catch {
    return undefined
  }
}

function parsedDetails (text: string): object {
  try {
    const details: unknown = JSON.parse(text)
    return typeof details === 'object' && details !== null && !Array.isArray(details) ? details : {}
  } catch {
    return {}
  }
}

/** In HTTP/2 the value of a -bin header is base64 (gRPC over HTTP/2, "Binary-Header"). */
function bytesText (header: string | undefined): string {
  return header === undefined ? '' : Buffer.from(header, 'base64').toString()
}

/** Half a surrogate pair would make grpc-js throw while it writes the trailers. */
function wellFormed (text: string): string {
  return Buffer.from(text).toString()
}

function printable (text: string): string {
  return text.replace(/[^\x21-\x7e]/g, '?').slice(0, MOST_CODE)
}
