import type { ShardParts } from './shard-parts.js'

/** What a shard does for two versions of an agent that run side by side. */
export class ShardRollouts {
  constructor (private readonly parts: Pick<ShardParts, 'agents' | 'table' | 'reports' | 'tell'>) {}

  /** Copies an agent's messages to a version in the same shard; when that is over, the version can speak. */
  mirror (slot: number, shadowSlot: number, on: boolean): void {
    const agent = this.parts.agents[slot]
    const shadow = this.parts.agents[shadowSlot]
    if (agent !== undefined) agent.shadow = on ? shadow : undefined
    if (shadow === undefined || on) return
    shadow.silence = undefined
    for (const notice of shadow.notices.splice(0)) this.parts.reports.announce({ handle: shadow.handle, notice })
  }

  measure (slot: number, buckets: SharedArrayBuffer): void {
    const agent = this.parts.agents[slot]
    if (agent !== undefined) agent.latencies = new Float64Array(buckets)
  }

  involved (ask: number, handle: number): void {
    this.parts.tell({ kind: 'involved', ask, conversations: this.parts.table.involving(handle) })
  }
}
