import type { AgentLuggage } from '../agents/agent-moving.js'
import { encodeAgent, storedAgent } from '../agents/agent-store.js'
import { AgentUnreadable } from '../agents/agent-errors.js'

const HEAD = 16
const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Four lengths and numbers (u32), then plan, timers and state; the rest is the module. No state: version 0. */
export function encodeLuggage ({ plan, module, state, timers, wanted, quarantined, heldFor }: AgentLuggage): Uint8Array {
  const agent = encodeAgent({ plan, wanted, quarantined, heldFor })
  const alarms = encoder.encode(JSON.stringify(timers))
  const head = new Uint8Array(HEAD)
  const view = new DataView(head.buffer)
  view.setUint32(0, agent.length)
  view.setUint32(4, alarms.length)
  view.setUint32(8, state?.version ?? 0)
  view.setUint32(12, state?.bytes.length ?? 0)
  return Buffer.concat([head, agent, alarms, state?.bytes ?? new Uint8Array(0), module])
}

/** Throws `AGENT_UNREADABLE`. */
export function decodeLuggage (name: string, bytes: Uint8Array): AgentLuggage {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < HEAD) throw AgentUnreadable({ name, problem: 'it is cut off' })
  const timersAt = HEAD + view.getUint32(0)
  const stateAt = timersAt + view.getUint32(4)
  const version = view.getUint32(8)
  const moduleAt = stateAt + view.getUint32(12)
  if (moduleAt > bytes.length) throw AgentUnreadable({ name, problem: 'it is cut off' })
  const { plan, wanted, quarantined, heldFor } = storedAgent(name, bytes.subarray(HEAD, timersAt))
  return {
    plan, wanted, quarantined, heldFor,
    timers: timersOf(bytes.subarray(timersAt, stateAt)),
    state: version === 0 ? undefined : { version, bytes: bytes.slice(stateAt, moduleAt) },
    module: bytes.slice(moduleAt),
  }
}

function timersOf (bytes: Uint8Array): ReadonlyArray<readonly [number, number]> {
  const read: unknown = JSON.parse(decoder.decode(bytes))
  if (!Array.isArray(read)) return []
  return read.flatMap((entry: unknown) => {
    const pair: readonly unknown[] = Array.isArray(entry) ? entry : []
    const [id, due] = pair
    return typeof id === 'number' && typeof due === 'number' ? [[id, due] as const] : []
  })
}
