import type { Change, Clock, Decision, Store } from '../../../kernel/contract/index.js'
import type { RecordChanges } from '../record-changes.js'
import { decodeRow, encodeRow } from '../stored-row.js'
import type { GrantConfig } from '../tools-mcp-config.js'
import { ToolGrantNotFound, ToolGrantsFull } from '../tools-mcp-errors.js'
import { prevails } from '../versioned.js'
import { allows, CONFIGURED, grantOf, isAbout, keyOf, type Grant } from './grant.js'
import { grantedIn, readRecord, recordKeyOf, revokedIn, shownRecord, type GrantRecord } from './grant-record.js'

export const GRANTS = 'grants'
const MOST = 10_000
const MOST_BYTES = 8 * 1024 * 1024
/** Revocations that are remembered, the newest: so long does nobody bring back what was revoked. */
const REMEMBERED = 10_000

/** All grants, in memory and in the store. Who was granted nothing may call nothing. */
export class GrantBook {
  private readonly kept = new Map<string, Grant>()
  private readonly records = new Map<string, GrantRecord>()
  private readonly configured: Grant[] = []

  constructor (private readonly store: Store, private readonly clock: Clock, private readonly changes: RecordChanges) {}

  /** Throws `TOOL_GRANT_INVALID` for what the configuration says. */
  async load (configured: Readonly<Record<string, GrantConfig>>): Promise<void> {
    for (const { agents, tools, arguments: rules } of Object.values(configured)) {
      for (const agent of agents) for (const tool of tools) this.configured.push(grantOf(agent, tool, rules, 0, CONFIGURED))
    }
    for await (const { value } of this.store.scan(GRANTS)) {
      const record = readRecord(decodeRow(value) ?? {})
      if (record !== undefined) this.note(record)
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

  /** Keeps a grant; it counts when this resolves. One that is there stays as it is. Throws `TOOL_GRANT_INVALID`, `TOOL_GRANTS_FULL`. */
  grant (agents: string, tools: string, rules: readonly string[], by: string): Promise<Grant> {
    return this.changes.inTurn(async () => {
      const grant = grantOf(agents, tools, rules, this.clock.now(), by)
      const before = this.records.get(recordKeyOf(grant))
      if (before?.grant !== undefined) return before.grant
      const record = grantedIn(grant, (before?.version ?? 0) + 1)
      this.ensureRoomFor(record)
      await this.store.commit([put(record)])
      this.note(record)
      this.changes.tell()
      return grant
    })
  }

  /** Ends every grant with just these patterns. They count no more at once. Throws `TOOL_GRANT_NOT_FOUND`. */
  async revoke (agents: string, tools: string, by: string): Promise<readonly Grant[]> {
    const granted = [...this.records.values()].filter(({ grant }) => grant?.agents === agents && grant.tools === tools)
    if (granted.length === 0) throw ToolGrantNotFound({ agents: agents.slice(0, 64), tools: tools.slice(0, 64) })
    const revoked = granted.map(record => revokedIn(record, this.clock.now(), by))
    for (const record of revoked) this.note(record)
    try {
      await this.changes.inTurn(() => this.store.commit([
        ...revoked.map(record => put(this.records.get(record.key) ?? record)), ...this.forgetOld(),
      ]))
    } catch (error) {
      for (const record of granted) if (revoked.includes(this.records.get(record.key) ?? record)) this.note(record)
      throw error
    }
    this.changes.tell()
    return granted.flatMap(({ grant }) => grant ?? [])
  }

  /** What all nodes of a cluster have alike: grants that don't stand in the configuration, and revocations. */
  shared (): readonly GrantRecord[] {
    return [...this.records.values()]
  }

  /** Takes in what another node has. Of two states of a grant the later one counts. */
  adopt (records: readonly GrantRecord[]): Promise<void> {
    return this.changes.inTurn(async () => {
      const better = records.filter(record => prevails(record, this.records.get(record.key)))
      if (better.length === 0) return
      // What is revoked counts no more at once; what is granted, when it is kept.
      for (const record of better) if (record.grant === undefined) this.note(record)
      await this.store.commit([...better.map(put), ...this.forgetOld()])
      for (const record of better) {
        if (record.grant !== undefined && prevails(record, this.records.get(record.key))) this.note(record)
      }
    })
  }

  private note (record: GrantRecord): void {
    const { key, grant } = record
    this.records.set(key, record)
    if (grant === undefined) this.kept.delete(key)
    else this.kept.set(key, grant)
  }

  private ensureRoomFor (record: GrantRecord): void {
    const sizeOf = (each: GrantRecord): number => each.grant === undefined ? 0 : JSON.stringify(shownRecord(each)).length
    const bytes = this.shared().reduce((sum, each) => sum + sizeOf(each), sizeOf(record))
    if (this.kept.size >= MOST || bytes > MOST_BYTES) throw ToolGrantsFull({ grants: this.kept.size })
  }

  /** Forgets the oldest revocations when there are too many: the same on every node. */
  private forgetOld (): Change[] {
    const revoked = this.shared().filter(({ grant }) => grant === undefined)
    if (revoked.length <= REMEMBERED) return []
    const old = revoked.toSorted((one, other) => other.at - one.at || (one.key < other.key ? -1 : 1)).slice(REMEMBERED)
    for (const { key } of old) this.records.delete(key)
    return old.map(({ key }) => ({ delete: GRANTS, key }))
  }
}

const put = (record: GrantRecord): Change => ({ put: GRANTS, key: record.key, value: encodeRow(shownRecord(record)) })
