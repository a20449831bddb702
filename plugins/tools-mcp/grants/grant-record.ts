import { createHash } from 'node:crypto'
import { readVersioned, type Versioned } from '../versioned.js'
import { ruleText } from './argument-rule.js'
import { grantOf, keyOf, type Grant } from './grant.js'

/**
 * What is kept of a grant, also when it was revoked. It is granted in odd versions and revoked in even ones, so that of two nodes one of
 * which revoked what both had granted, the revocation counts.
 */
export interface GrantRecord extends Versioned {
  /** Hash of what is granted. */
  readonly key: string
  /** Undefined: it was revoked. */
  readonly grant: Grant | undefined
}

/** The key of a grant's record. A grant may be longer than a key of the store. */
export const recordKeyOf = (grant: Parameters<typeof keyOf>[0]): string => createHash('sha256').update(keyOf(grant)).digest('hex')

export const grantedIn = (grant: Grant, version: number): GrantRecord =>
  ({ key: recordKeyOf(grant), version, at: grant.at, by: grant.by, grant })

export const revokedIn = ({ key, version }: GrantRecord, at: number, by: string): GrantRecord =>
  ({ key, version: version + 1, at, by, grant: undefined })

/** As JSON has it. */
export function shownRecord ({ grant, ...record }: GrantRecord): object {
  return grant === undefined ? record : { ...record, agents: grant.agents, tools: grant.tools, rules: grant.rules.map(ruleText) }
}

/** Reads what {@link shownRecord} wrote; undefined for anything else. */
export function readRecord (row: Readonly<Record<string, unknown>>): GrantRecord | undefined {
  const { key, agents, tools, rules } = row
  const versioned = readVersioned(row)
  if (versioned === undefined || typeof key !== 'string' || !/^[0-9a-f]{64}$/.test(key)) return undefined
  if (versioned.version % 2 === 0) return agents === undefined ? { key, ...versioned, grant: undefined } : undefined
  if (typeof agents !== 'string' || typeof tools !== 'string' || !Array.isArray(rules)) return undefined
  const grant = readGrant(agents, tools, rules.map(String), versioned)
  return grant !== undefined && recordKeyOf(grant) === key ? { key, ...versioned, grant } : undefined
}

function readGrant (agents: string, tools: string, rules: readonly string[], { at, by }: Versioned): Grant | undefined {
  try {
    return grantOf(agents, tools, rules, at, by)
  } catch {
    return undefined
  }
}
