import { HOST_RESULTS, type Clock, type OfferedCapability, type Timer } from '../../contract/index.js'
import { matcherOf, type CapabilityChange, type CapabilityRegistry } from './capability-registry.js'
import { answerFrame, fitting, foundContent, type AskedBy } from './directory-answers.js'
import { shownOffer, type DirectorySearch } from './directory-search.js'

/** Most subscriptions in all, and of one agent. */
const ALL = 1_000
const OF_ONE = 64
/** Wait before somebody who could not take the news is told everything, in milliseconds. */
const CATCH_UP = 1_000

/** Somebody who wants to hear of changes. */
interface Subscriber {
  readonly asked: AskedBy
  readonly owner: number
  readonly search: DirectorySearch
  readonly matches: (offered: OfferedCapability) => boolean
  /** It missed something: next it is told everything that is offered. */
  isBehind: boolean
}

/** What {@link DirectorySubscriptions} work with. */
export interface SubscriptionParts {
  readonly capabilities: CapabilityRegistry
  readonly clock: Clock
  /** Sends an answer; 0 or a code of `HOST_RESULTS`. */
  readonly send: (frame: Uint8Array) => number
  readonly roomOf: (handle: number) => number
}

/** Those who are told by the directory facilitator when something is offered or ends. */
export class DirectorySubscriptions {
  readonly #subscribers = new Map<string, Subscriber>()
  #removed: OfferedCapability[] = []
  #added: OfferedCapability[] = []
  #catchUp: Timer | undefined
  #stopObserving: () => void = () => {}

  constructor (private readonly parts: SubscriptionParts) {}

  get size (): number {
    return this.#subscribers.size
  }

  open (): void {
    this.#stopObserving = this.parts.capabilities.observe(change => this.#gather(change))
  }

  close (): void {
    this.#stopObserving()
    this.#catchUp?.cancel()
    this.#subscribers.clear()
  }

  /** Why nobody can be added for `owner`, if so. */
  refusal (key: string, owner: number): string | undefined {
    if (this.#subscribers.has(key)) return 'there is a subscription in this conversation already'
    if (this.#subscribers.size >= ALL) return `there are ${ALL} subscriptions already`
    const own = [...this.#subscribers.values()].filter(subscriber => subscriber.owner === owner).length
    return own >= OF_ONE ? `you have ${OF_ONE} subscriptions already` : undefined
  }

  add (key: string, owner: number, asked: AskedBy, search: DirectorySearch): void {
    const subscriber: Subscriber = { asked, owner, search, matches: matcherOf(search.wanted), isBehind: false }
    this.#subscribers.set(key, subscriber)
    this.#tellAll(key, subscriber)
  }

  /** Answers whether there was one. */
  remove (key: string): boolean {
    return this.#subscribers.delete(key)
  }

  /** Somebody could not take what it was told. */
  fellBehind (key: string): void {
    const subscriber = this.#subscribers.get(key)
    if (subscriber === undefined) return
    subscriber.isBehind = true
    this.#catchUp ??= this.parts.clock.after(CATCH_UP, () => {
      this.#catchUp = undefined
      for (const [other, { isBehind }] of this.#subscribers) if (isBehind) this.#catchUpWith(other)
    })
  }

  /** Changes that come together are told together. */
  #gather ({ removed, added }: CapabilityChange): void {
    if (this.#subscribers.size === 0) return
    if (this.#removed.length + this.#added.length === 0) queueMicrotask(() => this.#tellChanges())
    this.#removed.push(...removed)
    this.#added.push(...added)
  }

  #tellChanges (): void {
    const removed = this.#removed
    const added = this.#added
    this.#removed = []
    this.#added = []
    for (const [key, subscriber] of this.#subscribers) {
      if (subscriber.isBehind) continue
      const changes = [
        ...removed.filter(subscriber.matches).map(({ name, version, agent }) => ({ removed: { name, version, agent } })),
        ...added.filter(subscriber.matches).map(offered => ({ added: shownOffer(offered) })),
      ]
      for (const part of fitting(changes, this.parts.roomOf(subscriber.owner))) this.#tell(key, subscriber, { changes: part })
    }
  }

  #catchUpWith (key: string): void {
    const subscriber = this.#subscribers.get(key)
    if (subscriber === undefined) return
    subscriber.isBehind = false
    this.#tellAll(key, subscriber)
  }

  #tellAll (key: string, subscriber: Subscriber): void {
    const { capabilities, roomOf } = this.parts
    const { search: { wanted, limit }, owner } = subscriber
    this.#tell(key, subscriber, foundContent(capabilities.search(wanted), limit, roomOf(owner)))
  }

  #tell (key: string, { asked }: Subscriber, content: object): void {
    const result = this.parts.send(answerFrame(asked, 'inform', content))
    if (result === HOST_RESULTS.full) this.fellBehind(key)
    else if (result !== HOST_RESULTS.ok) this.#subscribers.delete(key)
  }
}
