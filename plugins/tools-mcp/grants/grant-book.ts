import { createHash } from 'node:crypto'
import type { Clock, Decision, Store } from '../../../kernel/contract/index.js'
import { decodeRow, encodeRow } from '../stored-row.js'
import type { GrantConfig } from '../tools-mcp-config.js'
import { ToolGrantNotFound, ToolGrantsFull } from '../tools-mcp-errors.js'
import { ruleText } from './argument-rule.js'
import { allows, CONFIGURED, grantOf, isAbout, keyOf, type Grant } from './grant.js'

export const GRANTS = 'grants'
const MOST = 10_000

/** All grants, in memory and in the store. Who was granted nothing may call nothing. */
export class GrantBook {
  private readonly kept = new Map<string, Grant>()
  private readonly configured: Grant[] = []

  constructor (private readonly store: Store, private readonly clock: Clock) {}

  /** Throws `TOOL_GRANT_INVALID` for what the configuration says. */
  async load (configured: Readonly<Record<string, GrantConfig>>): Promise<void> {
    for (const { agents, tools, arguments: rules } of Object.values(configured)) {
      for (const agent of agents) for (const tool of tools) this.configured.push(grantOf(agent, tool, rules, 0, CONFIGURED))
    }
    for await (const { value } of this.store.scan(GRANTS)) {
      const grant = readGrant(decodeRow(value))
      if (grant !== undefined) this.kept.set(keyOf(grant), grant)
    }
  }

  list (): readonly Grant[] {
    const text = (grant: Grant): string => keyOf(grant)
    return [...this.configured, ...this.kept.values()].toSorted((one, other) => text(one) < text(other) ? -1 : 1)
  }

  /** Whether an agent may call a tool with these arguments. Takes no time. */
  decide (agent: string, tool: string, given: Readonly<Record<string, unknown>>): Decision {
    let isNamed = false
    for (const grants of [this.configured, this.kept.values()]) {
      for (const grant of grants) {
        if (!isAbout(grant, agent, tool)) continue
        if (allows(grant, given)) return { allowed: true, because: `granted to "${grant.agents}" on "${grant.tools}"` }
        isNamed = true
      }
    }
    const because = isNamed ? 'no grant covers these arguments' : 'the agent was not granted this tool'
    return { allowed: false, because }
  }

  /** Keeps a grant; it counts when this resolves. Throws `TOOL_GRANT_INVALID`, `TOOL_GRANTS_FULL`. */
  async grant (agents: string, tools: string, rules: readonly string[], by: string): Promise<Grant> {
    const grant = grantOf(agents, tools, rules, this.clock.now(), by)
    const key = keyOf(grant)
    if (!this.kept.has(key) && this.kept.size >= MOST) throw ToolGrantsFull({ most: MOST })
    await this.store.commit([{ put: GRANTS, key: storeKey(key), value: encodeRow({ ...grant, rules: grant.rules.map(ruleText) }) }])
    this.kept.set(key, grant)
    return grant
  }

  /** Ends every grant with just these patterns. They count no more at once. Throws `TOOL_GRANT_NOT_FOUND`. */
  async revoke (agents: string, tools: string): Promise<readonly Grant[]> {
    const revoked = [...this.kept].filter(([, grant]) => grant.agents === agents && grant.tools === tools)
    if (revoked.length === 0) throw ToolGrantNotFound({ agents: agents.slice(0, 64), tools: tools.slice(0, 64) })
    for (const [key] of revoked) this.kept.delete(key)
    try {
      await this.store.commit(revoked.map(([key]) => ({ delete: GRANTS, key: storeKey(key) })))
    } catch (error) {
      for (const [key, grant] of revoked) this.kept.set(key, grant)
      throw error
    }
    return revoked.map(([, grant]) => grant)
  }
}

/** A grant may be longer than a key of the store. */
const storeKey = (key: string): string => createHash('sha256').update(key).digest('hex')

function readGrant (row: Readonly<Record<string, unknown>> | undefined): Grant | undefined {
  if (row === undefined) return undefined
  const { agents, tools, rules, at, by } = row
  if (typeof agents !== 'string' || typeof tools !== 'string' || typeof at !== 'number' || typeof by !== 'string') return undefined
  return Array.isArray(rules) ? grantOf(agents, tools, rules.map(String), at, by) : undefined
}
