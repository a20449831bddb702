import { ByteIndex } from '../directory/byte-index.js'
import { CALLER_NAME } from '../directory/directory.js'
import type { NameTable } from '../directory/name-table.js'
import { CALLER_HANDLE } from '../directory/route-table.js'
import { topicCovers } from '../topics/topic-pattern.js'
import { matchesName } from '../../contract/in-shard.js'
import type { AgentScopes } from './agent-scopes.js'

/** Receivers that are remembered, a power of two, and topics. */
const RECEIVERS = 64
const TOPICS = 64

/**
 * To whom one agent may write, and under which topics it may publish, when that is not everybody and every topic. Whoever was asked about
 * is remembered, so that asking again makes no garbage and compares no names.
 */
export class Reach {
  /** By the lowest bits of the handle: handle, and generation; the generation is negative for those it may not write to. */
  readonly #receivers = new Int32Array(2 * RECEIVERS)
  readonly #topics = new ByteIndex<boolean>(TOPICS)

  constructor (private readonly scopes: Pick<AgentScopes, 'send' | 'publish'>, private readonly names: Pick<NameTable, 'nameOf'>) {}

  /** Callers are no agents: who may write at all may answer them. */
  mayWriteTo (handle: number, generation: number): boolean {
    const { send } = this.scopes
    if (send === undefined) return true
    if (handle === CALLER_HANDLE) return send.length > 0
    const place = (handle & RECEIVERS - 1) << 1
    const known = this.#receivers[place] === handle ? this.#receivers[place + 1] : 0
    if (known === generation) return true
    if (known === -generation) return false
    const name = this.names.nameOf(handle, generation)
    if (name === undefined) return false
    const may = mayReach(send, name)
    this.#receivers[place] = handle
    this.#receivers[place + 1] = may ? generation : -generation
    return may
  }

  /** The topic lies at `bytes[at, at + length)`. */
  mayPublish (bytes: Uint8Array, at: number, length: number): boolean {
    const { publish } = this.scopes
    if (publish === undefined) return true
    const known = this.#topics.find(bytes, at, length)
    if (known !== undefined) return known
    const topic = Buffer.from(bytes.buffer, bytes.byteOffset + at, length).toString('latin1')
    const may = publish.some(pattern => topicCovers(pattern, topic))
    this.#topics.add(bytes, at, length, may)
    return may
  }
}

/** Agents of other nodes are meant by the name that they have there, which is followed by `@` and the node here if it must be. */
function mayReach (patterns: readonly string[], name: string): boolean {
  const end = name.indexOf('@')
  const plain = end < 0 ? name : name.slice(0, end)
  return plain === CALLER_NAME ? patterns.length > 0 : patterns.some(pattern => matchesName(pattern, plain))
}
