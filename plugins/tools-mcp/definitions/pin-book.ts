import type { Change, Clock, Store } from '../../../kernel/contract/index.js'
import type { RecordChanges } from '../record-changes.js'
import { decodeRow, encodeRow } from '../stored-row.js'
import { ToolApprovalsFull } from '../tools-mcp-errors.js'
import { prevails, readVersioned, type Versioned } from '../versioned.js'
import { hashOf, MOST_TOOLS, type ToolDefinition } from './tool-definition.js'

export const PINS = 'pins'

/** Whether a tool may be called as it is defined now: `changed` and `new` wait for the operator. */
export type Consent = 'agreed' | 'changed' | 'new'

/** A definition that was agreed to. */
export interface Pin {
  readonly hash: string
  /** Undefined: it was agreed to on another node, and was not seen here. */
  readonly definition: ToolDefinition | undefined
  readonly at: number
  /** The principal that agreed; empty: it was the first that was seen. */
  readonly by: string
  /** How often somebody agreed to a definition of this tool. */
  readonly version: number
}

/** What somebody agreed to, as all nodes of a cluster have it. */
export interface Approval extends Versioned {
  /** `SERVER.TOOL` */
  readonly tool: string
  readonly hash: string
}

/** Most that somebody agreed to. */
const MOST_APPROVALS = 10_000
const TOOL = /^[a-z0-9][a-z0-9-]{0,62}\.[A-Za-z0-9_.\-/]{1,128}$/

/** Which definition of each tool was agreed to, in memory and in the store. */
export class PinBook {
  private readonly pins = new Map<string, Pin>()

  constructor (
    private readonly store: Store, private readonly clock: Clock, private readonly policy: 'changed' | 'all',
    private readonly changes: RecordChanges,
  ) {}

  async load (): Promise<void> {
    for await (const { key, value } of this.store.scan(PINS)) {
      const pin = readPin(decodeRow(value))
      if (pin !== undefined) this.pins.set(key, pin)
    }
  }

  /** The definition that was agreed to. `tool`: `SERVER.TOOL`. */
  pinOf (tool: string): Pin | undefined {
    return this.pins.get(tool)
  }

  consentTo (tool: string, definition: ToolDefinition): Consent {
    const pin = this.pins.get(tool)
    if (pin === undefined) return 'new'
    return pin.hash === hashOf(definition) ? 'agreed' : 'changed'
  }

  /** A server was asked what it has: tools that were never seen are taken as they are, where the operator wants that. */
  seen (server: string, definitions: readonly ToolDefinition[]): Promise<void> {
    return this.changes.inTurn(async () => {
      if (this.policy === 'all') return
      const known = [...this.pins.keys()].filter(tool => tool.startsWith(`${server}.`)).length
      const fresh = definitions.filter(({ name }) => !this.pins.has(`${server}.${name}`)).slice(0, Math.max(0, MOST_TOOLS - known))
      await this.keep(fresh.map(definition => [`${server}.${definition.name}`, this.pin(definition, '', 0)]))
    })
  }

  /** The operator agrees to a tool as it is defined now, for all nodes. Throws `TOOL_APPROVALS_FULL`. */
  agree (tool: string, definition: ToolDefinition, by: string): Promise<void> {
    return this.changes.inTurn(async () => {
      const before = this.pins.get(tool)?.version ?? 0
      if (before === 0 && this.shared().length >= MOST_APPROVALS) throw ToolApprovalsFull({ most: MOST_APPROVALS })
      await this.keep([[tool, this.pin(definition, by, before + 1)]])
      this.changes.tell()
    })
  }

  /** What people agreed to. What was merely the first that was seen holds on this node only. */
  shared (): readonly Approval[] {
    return [...this.pins].filter(([, { version }]) => version > 0).map(([tool, pin]) => approvalOf(tool, pin))
  }

  /**
   * Takes in what people agreed to on another node. Of two approvals of a tool the later one counts. `seen`: the definition that a tool
   * has here.
   */
  adopt (approvals: readonly Approval[], seen: (tool: string) => ToolDefinition | undefined): Promise<void> {
    return this.changes.inTurn(async () => {
      const better = approvals.filter(approval => this.isBetter(approval))
      await this.keep(better.map(({ tool, hash, ...versioned }) => {
        const known = [this.pins.get(tool)?.definition, seen(tool)].find(each => each !== undefined && hashOf(each) === hash)
        return [tool, { hash, definition: known, ...versioned }]
      }))
    })
  }

  private isBetter (approval: Approval): boolean {
    const pin = this.pins.get(approval.tool)
    return prevails(approval, pin === undefined || pin.version === 0 ? undefined : approvalOf(approval.tool, pin))
  }

  private pin (definition: ToolDefinition, by: string, version: number): Pin {
    return { hash: hashOf(definition), definition, at: this.clock.now(), by, version }
  }

  private async keep (pins: ReadonlyArray<readonly [tool: string, pin: Pin]>): Promise<void> {
    if (pins.length === 0) return
    const changes: Change[] = pins.map(([key, pin]) => ({ put: PINS, key, value: encodeRow(pin) }))
    await this.store.commit(changes)
    for (const [tool, pin] of pins) this.pins.set(tool, pin)
  }
}

function readPin (row: Readonly<Record<string, unknown>> | undefined): Pin | undefined {
  if (row === undefined) return undefined
  const { hash, at, by, version, definition } = row
  if (typeof hash !== 'string' || typeof at !== 'number' || typeof by !== 'string' || typeof version !== 'number') return undefined
  return { hash, at, by, version, definition: readKept(definition) }
}

function readKept (row: unknown): ToolDefinition | undefined {
  if (typeof row !== 'object' || row === null || !('name' in row)) return undefined
  const { name, title = '', description = '', input = {}, output, hints } = row as Partial<ToolDefinition>
  return { name: String(name), title, description, input, output, hints }
}

const approvalOf = (tool: string, { hash, version, at, by }: Pin): Approval => ({ tool, hash, version, at, by })

/** Undefined when it is none. */
export function readApproval (row: Readonly<Record<string, unknown>>): Approval | undefined {
  const { tool, hash } = row
  const versioned = readVersioned(row)
  if (versioned === undefined || typeof tool !== 'string' || typeof hash !== 'string') return undefined
  return TOOL.test(tool) && /^[0-9a-f]{64}$/.test(hash) ? { tool, hash, ...versioned } : undefined
}
