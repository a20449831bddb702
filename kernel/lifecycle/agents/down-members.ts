import type { AgentRecord } from './agent-record.js'
import { inOrder } from './supervision-group.js'

/** Members of supervision groups that wait for the restart of their group, and who misbehaved at the latest. */
export class DownMembers {
  readonly #groups = new Map<string, { readonly waiting: Set<AgentRecord>, latest: AgentRecord }>()

  /** A member misbehaved, and those that share its fate wait with it. */
  add (group: string, latest: AgentRecord, sharing: readonly AgentRecord[]): void {
    const down = this.#groups.get(group) ?? { waiting: new Set(), latest }
    this.#groups.set(group, down)
    down.latest = latest
    for (const record of sharing) down.waiting.add(record)
  }

  /** Who misbehaved at the latest while somebody waits. */
  latest (group: string): AgentRecord | undefined {
    return this.#groups.get(group)?.latest
  }

  /** Those that wait, in the order of their restart. */
  waiting (group: string): AgentRecord[] {
    return inOrder(this.#groups.get(group)?.waiting ?? [])
  }

  has (group: string, record: AgentRecord): boolean {
    return this.#groups.get(group)?.waiting.has(record) ?? false
  }

  /** A member waits no longer. Answers whether nobody of its group does. */
  remove (group: string, record: AgentRecord): boolean {
    const down = this.#groups.get(group)
    if (down === undefined) return true
    down.waiting.delete(record)
    if (down.waiting.size > 0) return false
    this.#groups.delete(group)
    return true
  }
}
