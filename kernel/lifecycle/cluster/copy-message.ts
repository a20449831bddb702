import { AgentUnreadable } from '../agents/agent-errors.js'

/** What nodes say to one another about copies of agents; the bytes that may follow are an agent's luggage. */
export type CopyMessage =
  /** The owner has this of an agent: what of it does the other need? */
  | { readonly kind: 'have', readonly name: string, readonly claim: number, readonly mark: string, readonly module: string }
  /** Answers: nothing, all but the module, all. */
  | { readonly kind: 'need', readonly what: 'nothing' | 'record' | 'all' }
  /** Keep this, which follows; without a module, because the other has that. */
  | { readonly kind: 'keep', readonly name: string, readonly claim: number, readonly mark: string }
  /** Whoever asks is the owner, and needs the copy no more. */
  | { readonly kind: 'drop', readonly name: string, readonly claim: number }
  /** The owner is dead: give what there is. The answer is the luggage, or nothing. */
  | { readonly kind: 'give', readonly name: string }

const KINDS = ['have', 'need', 'keep', 'drop', 'give']
const HEAD = 4
const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Length of the JSON (u32), JSON, bytes. */
export function encodeCopyMessage (message: CopyMessage, bytes: Uint8Array = new Uint8Array(0)): Uint8Array {
  const text = encoder.encode(JSON.stringify(message))
  const whole = new Uint8Array(HEAD + text.length + bytes.length)
  new DataView(whole.buffer).setUint32(0, text.length)
  whole.set(text, HEAD)
  whole.set(bytes, HEAD + text.length)
  return whole
}

/** Throws `AGENT_UNREADABLE` for what is no such message. */
export function decodeCopyMessage (whole: Uint8Array): { readonly message: CopyMessage, readonly bytes: Uint8Array } {
  const unreadable = (): Error => AgentUnreadable({ name: '', problem: 'a message about copies is malformed' })
  if (whole.length < HEAD) throw unreadable()
  const end = HEAD + new DataView(whole.buffer, whole.byteOffset).getUint32(0)
  if (end > whole.length) throw unreadable()
  const read: unknown = parse(decoder.decode(whole.subarray(HEAD, end)))
  if (!isCopyMessage(read)) throw unreadable()
  return { message: read, bytes: whole.subarray(end) }
}

function parse (text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isCopyMessage (read: unknown): read is CopyMessage {
  if (typeof read !== 'object' || read === null || !('kind' in read) || !KINDS.includes(String(read.kind))) return false
  const has = (name: string, type: 'string' | 'number'): boolean => typeof Reflect.get(read, name) === type
  switch (read.kind) {
    case 'need': return ['nothing', 'record', 'all'].includes(String(Reflect.get(read, 'what')))
    case 'have': return has('name', 'string') && has('claim', 'number') && has('mark', 'string') && has('module', 'string')
    case 'keep': return has('name', 'string') && has('claim', 'number') && has('mark', 'string')
    case 'drop': return has('name', 'string') && has('claim', 'number')
    default: return has('name', 'string')
  }
}
