import type { HeldWrite } from '../agents/write-gate.js'

/** A change with what it was decided on. */
export interface KeptWrite extends HeldWrite {
  /** Claim epoch of the agent when the change was asked for; 0: there was none. */
  readonly claim: number
  /** Milliseconds since the Unix epoch. */
  readonly at: number
}

const HEAD = 4
const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Length of the JSON (u32), JSON, request, module. */
export function encodeWrite ({ what, agent, request, module, caller, claim, at }: KeptWrite): Uint8Array {
  const size = request.length
  const text = encoder.encode(JSON.stringify({ what, agent, caller, claim, at, size, hasModule: module !== undefined }))
  const head = new Uint8Array(HEAD)
  new DataView(head.buffer).setUint32(0, text.length)
  return Buffer.concat([head, text, request, module ?? new Uint8Array(0)])
}

/** Undefined for what {@link encodeWrite} has not written. */
export function decodeWrite (bytes: Uint8Array): KeptWrite | undefined {
  if (bytes.length < HEAD) return undefined
  const end = HEAD + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
  const read = end > bytes.length ? {} : textOf(bytes.subarray(HEAD, end))
  const { what, agent, caller, claim, at, size, hasModule } = read
  if (typeof what !== 'string' || typeof agent !== 'string' || typeof caller !== 'string') return undefined
  if (typeof claim !== 'number' || typeof at !== 'number' || typeof size !== 'number' || end + size > bytes.length) return undefined
  const module = hasModule === true ? bytes.slice(end + size) : undefined
  return { what, agent, caller, claim, at, request: bytes.slice(end, end + size), module }
}

function textOf (bytes: Uint8Array): Record<string, unknown> {
  try {
    const read: unknown = JSON.parse(decoder.decode(bytes))
    return typeof read === 'object' && read !== null ? { ...read } : {}
  } catch {
    return {}
  }
}
