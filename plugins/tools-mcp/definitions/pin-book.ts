import type { Change, Clock, Store } from '../../../kernel/contract/index.js'
import { decodeRow, encodeRow } from '../stored-row.js'
import { hashOf, MOST_TOOLS, type ToolDefinition } from './tool-definition.js'

export const PINS = 'pins'

/** Whether a tool may be called as it is defined now: `changed` and `new` wait for the operator. */
export type Consent = 'agreed' | 'changed' | 'new'

/** A definition that was agreed to. */
export interface Pin {
  readonly hash: string
  readonly definition: ToolDefinition
  readonly at: number
  /** The principal that agreed; empty: it was the first that was seen. */
  readonly by: string
}

/** Which definition of each tool was agreed to, in memory and in the store. */
export class PinBook {
  private readonly pins = new Map<string, Pin>()

  constructor (private readonly store: Store, private readonly clock: Clock, private readonly policy: 'changed' | 'all') {}

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
  async seen (server: string, definitions: readonly ToolDefinition[]): Promise<void> {
    if (this.policy === 'all') return
    const known = [...this.pins.keys()].filter(tool => tool.startsWith(`${server}.`)).length
    const fresh = definitions.filter(({ name }) => !this.pins.has(`${server}.${name}`)).slice(0, Math.max(0, MOST_TOOLS - known))
    await this.keep(fresh.map(definition => [`${server}.${definition.name}`, this.pin(definition, '')]))
  }

  /** The operator agrees to a tool as it is defined now. */
  async agree (tool: string, definition: ToolDefinition, by: string): Promise<void> {
    await this.keep([[tool, this.pin(definition, by)]])
  }

  private pin (definition: ToolDefinition, by: string): Pin {
    return { hash: hashOf(definition), definition, at: this.clock.now(), by }
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
  const { hash, at, by, definition } = row
  if (typeof hash !== 'string' || typeof at !== 'number' || typeof by !== 'string') return undefined
  if (typeof definition !== 'object' || definition === null || !('name' in definition)) return undefined
  const { name, title = '', description = '', input = {}, output, hints } = definition as Partial<ToolDefinition>
  return { hash, at, by, definition: { name: String(name), title, description, input, output, hints } }
}
