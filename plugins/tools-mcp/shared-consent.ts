import { createHash } from 'node:crypto'
import type { SharedState } from '../../kernel/contract/index.js'
import { canonicalJson } from './definitions/canonical-json.js'
import { readApproval, type PinBook } from './definitions/pin-book.js'
import type { ToolDefinition } from './definitions/tool-definition.js'
import type { GrantBook } from './grants/grant-book.js'
import { readRecord, shownRecord } from './grants/grant-record.js'
import type { RecordChanges } from './record-changes.js'

/** What {@link SharedConsent} works with. */
export interface SharedConsentParts {
  readonly grants: GrantBook
  readonly pins: PinBook
  readonly changes: RecordChanges
  /** The definition that a tool has on this node. */
  readonly seen: (tool: string) => ToolDefinition | undefined
}

/**
 * What operators granted, revoked and agreed to, as all nodes of a cluster have it. What the configuration grants, and what a node merely
 * saw first, is its own.
 */
export class SharedConsent implements SharedState {
  constructor (private readonly parts: SharedConsentParts) {}

  digest (): Uint8Array {
    const hash = createHash('sha256')
    for (const list of this.lists()) hash.update(canonicalJson(list.map(canonicalJson).sort()))
    return hash.digest()
  }

  contents (): Uint8Array {
    const [grants, approvals] = this.lists()
    return Buffer.from(JSON.stringify({ grants, approvals }))
  }

  /** Throws for what {@link contents} did not write. */
  async merge (bytes: Uint8Array): Promise<void> {
    const found: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    if (!isObject(found)) throw new Error('these are no grants of tools')
    const grants = readAll(found['grants'], readRecord)
    const approvals = readAll(found['approvals'], readApproval)
    await this.parts.grants.adopt(grants)
    await this.parts.pins.adopt(approvals, this.parts.seen)
  }

  onChange (changed: () => void, signal: AbortSignal): void {
    this.parts.changes.onTold(changed, signal)
  }

  private lists (): readonly [grants: readonly object[], approvals: readonly object[]] {
    return [this.parts.grants.shared().map(shownRecord), this.parts.pins.shared()]
  }
}

function readAll<T> (list: unknown, read: (row: Readonly<Record<string, unknown>>) => T | undefined): readonly T[] {
  if (!Array.isArray(list)) throw new Error('these are no grants of tools')
  return list.map((row: unknown) => {
    const one = isObject(row) ? read(row) : undefined
    if (one === undefined) throw new Error('one of these is no grant of a tool, and no approval')
    return one
  })
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null
