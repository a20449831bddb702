import { CaxtonError, isCaxtonError, PeerUnreachable, type ErrorKind } from '../../contract/index.js'

const KINDS: readonly ErrorKind[] = [
  'invalid', 'not-found', 'exists', 'precondition', 'unauthenticated', 'denied', 'exhausted', 'unavailable', 'timeout', 'cancelled',
  'configuration', 'internal',
]
const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** An error as another node is told: declared ones whole, of others only that they happened. */
export function wireOf (error: unknown): Uint8Array {
  if (!isCaxtonError(error)) return encoder.encode(JSON.stringify({ message: error instanceof Error ? error.message : String(error) }))
  const { code, kind, message, details, remedy } = error
  return encoder.encode(JSON.stringify({ code, kind, message, details, remedy }))
}

/** The error that another node told of. */
export function errorOf (bytes: Uint8Array, nodeId: string): Error {
  const told = read(bytes)
  const kind = KINDS.find(each => each === told['kind'])
  const { code, message } = told
  const said = typeof message === 'string' ? message : 'it failed'
  if (kind === undefined || typeof code !== 'string') return PeerUnreachable({ nodeId, reason: said })
  const details = typeof told['details'] === 'object' && told['details'] !== null ? told['details'] : {}
  return new CaxtonError(code, kind, said, details, typeof told['remedy'] === 'string' ? told['remedy'] : '')
}

function read (bytes: Uint8Array): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(decoder.decode(bytes))
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}
