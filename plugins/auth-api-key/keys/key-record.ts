/** A secret of a key, of which only the hash is known. */
export interface KeyHash {
  /** In base64. */
  readonly hash: string
  /** Id of the hash key that it was made with. */
  readonly by: string
  /** When it ends, in milliseconds since the Unix epoch; 0: with its key. */
  readonly until: number
}

/** All that is kept of a key. Times are in milliseconds since the Unix epoch; 0: never. */
export interface KeyRecord {
  readonly id: string
  readonly name: string
  readonly roles: readonly string[]
  readonly created: number
  readonly createdBy: string
  /** How long it was made for, in milliseconds; 0: for ever. */
  readonly lifetime: number
  readonly expires: number
  readonly revoked: number
  /** Grows with each change. */
  readonly version: number
  /** The present one first, then the one that was rotated out. */
  readonly hashes: readonly KeyHash[]
}

export type KeyState = 'active' | 'expired' | 'revoked'

export function stateOf ({ revoked, expires }: KeyRecord, now: number): KeyState {
  if (revoked > 0) return 'revoked'
  return expires > 0 && now >= expires ? 'expired' : 'active'
}

/**
 * Whether one state of a key counts instead of another, in the same way on every node: what is revoked stays so, else the one that was
 * changed more often, else any of the two.
 */
export function prevails (one: KeyRecord, other: KeyRecord | undefined): boolean {
  if (other === undefined) return true
  if (one.revoked > 0 !== other.revoked > 0) return one.revoked > 0
  return one.version === other.version ? JSON.stringify(one) > JSON.stringify(other) : one.version > other.version
}

export const encodeRecord = (record: KeyRecord): Uint8Array => new TextEncoder().encode(JSON.stringify(record))

/** Throws for bytes that {@link encodeRecord} did not write. */
export function decodeRecord (bytes: Uint8Array): KeyRecord {
  const found: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  if (!isRecord(found)) throw new Error('it is no record of a key')
  return found
}

export function isRecord (value: unknown): value is KeyRecord {
  return isObject(value)
    && ['id', 'name', 'createdBy'].every(key => typeof value[key] === 'string')
    && ['created', 'lifetime', 'expires', 'revoked', 'version'].every(key => Number.isSafeInteger(value[key]))
    && Array.isArray(value['roles']) && value['roles'].every(role => typeof role === 'string')
    && Array.isArray(value['hashes']) && value['hashes'].every(isHash)
}

function isHash (value: unknown): value is KeyHash {
  return isObject(value) && typeof value['hash'] === 'string' && typeof value['by'] === 'string' && Number.isSafeInteger(value['until'])
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
