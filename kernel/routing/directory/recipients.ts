import { FIELD, FRAME, HOST_RESULTS } from '../../contract/in-shard.js'
import { AddressList } from './address-list.js'
import { CapabilityChoice, type WaitingMessages } from '../capabilities/capability-choice.js'
import type { CapabilityQuery, CapabilityTable } from '../capabilities/capability-table.js'
import { findField } from '../frames/frame.js'
import { generationOf, handleOf, LONGEST_NAME, type NameTable } from './name-table.js'
import type { Reach } from '../permissions/reach.js'
import type { RouteTable } from './route-table.js'
import type { TopicTable } from '../topics/topic-table.js'
import type { VersionChoice } from './version-choice.js'

/** What a thread knows about who can be written to, and how. */
export interface RecipientParts {
  readonly routes: RouteTable
  readonly names: NameTable
  readonly capabilities: CapabilityTable
  readonly topics: TopicTable
  readonly messages: WaitingMessages
  /** Most receivers of one message. */
  readonly fanOut: number
}

/**
 * Finds to whom a frame goes: its receiver's handle, or else the fields `to`, `toCapability` or `toTopic`, the first of
 * them that is there. One per thread; makes no garbage, but for a name.
 */
export class Recipients {
  /** Who gets the frame that was asked about last. */
  list = new AddressList()
  /** Whether it goes to all of several, so that each of them gets its own copy. */
  isMany = false
  /** Whether they were more than one message may have: nothing was sent then. */
  areTooMany = false
  /** Asked while two versions of an agent share its name; set once, by the post. */
  versions: VersionChoice | undefined
  readonly #own = new AddressList()
  #reach: Reach | undefined
  readonly #choice: CapabilityChoice

  constructor (private readonly parts: RecipientParts) {
    this.#choice = new CapabilityChoice(parts.routes, parts.messages)
  }

  /**
   * Answers 0 or a code of `HOST_RESULTS`. A topic without subscribers is no error, and goes to nobody. `reach`: to whom the sender may
   * write, unless it is everybody; of those who offer a capability the others are passed over.
   */
  find (bytes: Uint8Array, view: DataView, at: number, sender: number, reach?: Reach): number {
    this.#reach = reach
    this.#choice.reach = reach
    this.isMany = false
    this.areTooMany = false
    this.list = this.#own
    const handle = view.getUint32(at + FRAME.receiver, true)
    if (handle !== 0) return this.#one(handle, view.getUint32(at + FRAME.receiverGeneration, true))
    const name = findField(view, at, FIELD.to)
    if (name >= 0) return this.#byName(bytes, view, at, name, sender)
    const capability = findField(view, at, FIELD.toCapability)
    if (capability >= 0) return this.#byCapability(bytes, view, at, capability, sender)
    const topic = findField(view, at, FIELD.toTopic)
    return topic >= 0 ? this.#byTopic(bytes, topic, view.getUint16(topic - 2, true)) : HOST_RESULTS.noSuchAgent
  }

  get names (): NameTable {
    return this.parts.names
  }

  /** Most receivers of one message. */
  get limit (): number {
    return this.parts.fanOut
  }

  #tooMany (): number {
    this.areTooMany = true
    return HOST_RESULTS.quota
  }

  #one (handle: number, generation: number): number {
    if (!this.parts.routes.isCurrent(handle, generation)) return HOST_RESULTS.noSuchAgent
    return this.#only(handle, generation)
  }

  #only (handle: number, generation: number): number {
    if (this.#reach?.mayWriteTo(handle, generation) === false) return HOST_RESULTS.denied
    this.#own.only(handle, generation)
    return HOST_RESULTS.ok
  }

  #byName (bytes: Uint8Array, view: DataView, at: number, field: number, sender: number): number {
    const length = view.getUint16(field - 2, true)
    if (length > LONGEST_NAME) return HOST_RESULTS.noSuchAgent
    // Names are ASCII: one character a byte finds them all, and nothing else.
    const name = Buffer.from(bytes.buffer, bytes.byteOffset + field, length).toString('latin1')
    const { names } = this.parts
    const version = names.hasShared ? this.versions?.ofName(name, view, at, sender) : undefined
    if (version !== undefined) return this.#only(version.handle, version.generation)
    const address = names.address(name)
    return handleOf(address) === 0 ? HOST_RESULTS.noSuchAgent : this.#only(handleOf(address), generationOf(address))
  }

  #byCapability (bytes: Uint8Array, view: DataView, at: number, field: number, sender: number): number {
    const query = this.parts.capabilities.query(bytes, field, view.getUint16(field - 2, true))
    if (query === undefined) return HOST_RESULTS.malformed
    if (query.choice === 'all') return this.#all(query, sender)
    const index = this.#choice.choose(query, bytes, view, at, sender)
    if (index < 0) return HOST_RESULTS.noSuchAgent
    this.#own.only(query.members.handles[index] ?? 0, query.members.generations[index] ?? 0)
    return HOST_RESULTS.ok
  }

  #all (query: CapabilityQuery, sender: number): number {
    this.isMany = true
    const list = this.#own
    list.clear()
    for (let index = 0; index < query.members.count; index++) {
      if (!this.#choice.takes(query, index, sender)) continue
      if (list.count >= this.limit) return this.#tooMany()
      list.append(query.members.handles[index] ?? 0, query.members.generations[index] ?? 0)
    }
    return list.count === 0 ? HOST_RESULTS.noSuchAgent : HOST_RESULTS.ok
  }

  #byTopic (bytes: Uint8Array, at: number, length: number): number {
    const subscribers = this.parts.topics.subscribers(bytes, at, length)
    if (subscribers === undefined) return HOST_RESULTS.malformed
    if (this.#reach?.mayPublish(bytes, at, length) === false) return HOST_RESULTS.denied
    if (subscribers.count > this.limit) return this.#tooMany()
    this.isMany = true
    this.list = subscribers
    return HOST_RESULTS.ok
  }
}
