import { createHash } from 'node:crypto'
import { checkToolKey } from './state-key-rules.js'

/** One key of a backend with its value, as it moves between backends. */
export interface StateEntry {
  /** As the backend has it: `agents/shop/orders/17`. */
  readonly key: string
  readonly version: number
  /** JSON text. */
  readonly json: string
}

/** What such keys begin with: spaces of agents, of callers of operations, and shared ones. */
const SPACE = /^(?:agents|principals|shared)\/[^/]+\/(.+)$/su

/** Whether the state tool could ever reach a key. */
export function isStateKey (key: string): boolean {
  const own = SPACE.exec(key)?.[1]
  if (own === undefined) return false
  try {
    checkToolKey(own)
    return true
  } catch {
    return false
  }
}

/** SHA-256 of a value's JSON, in hexadecimal. */
export const stateDigest = (json: string): string => createHash('sha256').update(json).digest('hex')
