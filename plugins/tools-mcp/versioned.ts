import { canonicalJson } from './definitions/canonical-json.js'

/** A record of which every node of a cluster is to have the same state. */
export interface Versioned {
  /** Grows with each change, from 1. */
  readonly version: number
  readonly at: number
  /** The principal that changed it last. */
  readonly by: string
}

/** Highest version that is believed. Nobody changes his mind so often. */
const HIGHEST = 2 ** 32

/**
 * Whether one state of a record counts instead of another, in the same way on every node: the one that was changed more often, else any
 * of the two.
 */
export function prevails (one: Versioned, other: Versioned | undefined): boolean {
  if (other === undefined || one.version !== other.version) return one.version > (other?.version ?? 0)
  return canonicalJson(one) > canonicalJson(other)
}

/** Undefined when it is none. */
export function readVersioned ({ version, at, by }: Readonly<Record<string, unknown>>): Versioned | undefined {
  const isVersion = typeof version === 'number' && Number.isSafeInteger(version) && version > 0 && version <= HIGHEST
  return isVersion && typeof at === 'number' && Number.isSafeInteger(at) && typeof by === 'string' ? { version, at, by } : undefined
}
