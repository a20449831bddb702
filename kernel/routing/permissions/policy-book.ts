import { actCode, ACTS } from '../../contract/index.js'
import { CALLER_NAME, RESERVED_NAMES, TOOLS_NAME } from '../directory/directory.js'
import { HANDLES } from '../directory/route-table.js'
import type { PolicyTables } from './message-policy.js'
import { matchesName } from '../../contract/in-shard.js'
import type { AgentPolicy, PolicyRule } from './policy-rules.js'

const BITS = 32

/** Before all others: callers, the platform and its services may write to everybody, and everybody to callers and, by `call`, to tools. */
const FROM_OWN = 0
const TO_CALLERS = 1
const OWN: PolicyRule = { from: [], to: [], acts: undefined, effect: 'allow', rate: 0 }

interface Book {
  readonly policy: AgentPolicy
  readonly tables: PolicyTables
  readonly senders: Uint32Array
  readonly receivers: Uint32Array
}

/** What is known of who owns which handle. */
export interface Owners {
  owners (): Iterable<readonly [handle: number, name: string]>
}

/**
 * Turns a policy into the tables that the threads ask, and keeps up with who has which handle. Main thread only. Tables that were given
 * away are not written any more once there are newer ones, which a thread hears of before it hears of anybody who came later.
 */
export class PolicyBook {
  #book: Book | undefined

  constructor (private readonly directory: Owners) {}

  /** The tables in force; undefined without a policy. */
  get tables (): PolicyTables | undefined {
    return this.#book?.tables
  }

  /** From now on this policy is in force; undefined: none. */
  adopt (policy: AgentPolicy | undefined): void {
    this.#book = policy === undefined ? undefined : bookOf(policy)
    for (const [handle, name] of this.directory.owners()) this.entered(handle, name)
  }

  /** Somebody owns this handle from now on. */
  entered (handle: number, name: string): void {
    if (this.#book !== undefined) write(this.#book, handle, name)
  }
}

function bookOf (policy: AgentPolicy): Book {
  const rules = [OWN, OWN, ...policy.rules]
  const words = Math.ceil(rules.length / BITS)
  const acts = new Uint32Array((ACTS.length + 1) * words)
  for (const [rule, { acts: named }] of rules.entries()) {
    for (const act of named ?? ACTS) setBit(acts, actCode(act) * words, rule)
  }
  const tables: PolicyTables = {
    words, acts,
    senders: new SharedArrayBuffer(HANDLES * words * 4), receivers: new SharedArrayBuffer(HANDLES * words * 4),
    forbids: rules.map(({ effect }) => effect === 'deny'), rates: rules.map(({ rate }) => rate),
    forbidsOthers: policy.otherwise === 'deny',
  }
  return { policy, tables, senders: new Uint32Array(tables.senders), receivers: new Uint32Array(tables.receivers) }
}

function write ({ policy, tables: { words }, senders, receivers }: Book, handle: number, name: string): void {
  const at = handle * words
  senders.fill(0, at, at + words)
  receivers.fill(0, at, at + words)
  // Of other nodes' agents those names count that they have there.
  const end = name.indexOf('@')
  const plain = end < 0 ? name : name.slice(0, end)
  if (RESERVED_NAMES.includes(plain)) setBit(senders, at, FROM_OWN)
  setBit(receivers, at, FROM_OWN)
  setBit(senders, at, TO_CALLERS)
  if (plain === CALLER_NAME || plain === TOOLS_NAME) setBit(receivers, at, TO_CALLERS)
  for (const [index, { from, to }] of policy.rules.entries()) {
    const rule = TO_CALLERS + 1 + index
    if (from.some(pattern => matchesName(pattern, plain))) setBit(senders, at, rule)
    if (to.some(pattern => matchesName(pattern, plain))) setBit(receivers, at, rule)
  }
}

function setBit (bits: Uint32Array, at: number, rule: number): void {
  const place = at + (rule >>> 5)
  bits[place] = ((bits[place] ?? 0) | 1 << (rule & 31)) >>> 0
}
