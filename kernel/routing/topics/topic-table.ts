import { AddressList } from '../directory/address-list.js'
import { ByteIndex } from '../directory/byte-index.js'
import { isTopic, LONGEST_TOPIC } from './topic-pattern.js'

/** A subscription as every thread knows it. */
export type Subscription = readonly [pattern: string, handle: number, generation: number]

/** What changed in who subscribes to what. What is removed is gone before what is added comes. */
export interface SubscriptionChanges {
  readonly removed: ReadonlyArray<readonly [pattern: string, handle: number]>
  readonly added: readonly Subscription[]
}

/** Most topics of which the subscribers are kept ready. */
const TOPICS = 4_096

interface Branch {
  readonly words: Map<string, Branch>
  readonly here: AddressList
}

interface KnownTopic {
  readonly words: readonly string[]
  readonly subscribers: AddressList
  /** State of the table for which the subscribers were gathered. */
  version: number
}

const newBranch = (): Branch => ({ words: new Map(), here: new AddressList() })

/**
 * Subscribers by topic, as one thread knows them: replicated by main. Patterns form a tree by their words, so that finding
 * who matches does not look at everybody; for topics that were published before they are kept ready.
 */
export class TopicTable {
  readonly #root = newBranch()
  readonly #known = new ByteIndex<KnownTopic>(TOPICS)
  #version = 0

  apply ({ removed, added }: SubscriptionChanges): void {
    for (const [pattern, handle] of removed) prune(this.#root, pattern.split('.'), 0, handle)
    for (const [pattern, handle, generation] of added) this.#grow(pattern.split('.')).here.add(handle, generation)
    this.#version += 1
  }

  /**
   * Who gets what is published under the topic at `bytes[at, at + length)`, each once; undefined when it is no topic. The
   * list is the table's own.
   */
  subscribers (bytes: Uint8Array, at: number, length: number): AddressList | undefined {
    const known = this.#known.find(bytes, at, length) ?? this.#begin(bytes, at, length)
    if (known === undefined) return undefined
    if (known.version !== this.#version) {
      known.version = this.#version
      known.subscribers.clear()
      gather(this.#root, known.words, 0, known.subscribers)
    }
    return known.subscribers
  }

  #begin (bytes: Uint8Array, at: number, length: number): KnownTopic | undefined {
    if (length > LONGEST_TOPIC) return undefined
    const topic = Buffer.from(bytes.buffer, bytes.byteOffset + at, length).toString('latin1')
    if (!isTopic(topic)) return undefined
    const known = { words: topic.split('.'), subscribers: new AddressList(), version: -1 }
    this.#known.add(bytes, at, length, known)
    return known
  }

  #grow (words: readonly string[]): Branch {
    let branch = this.#root
    for (const word of words) {
      const next = branch.words.get(word) ?? newBranch()
      branch.words.set(word, next)
      branch = next
    }
    return branch
  }
}

function gather (branch: Branch, words: readonly string[], at: number, into: AddressList): void {
  const rest = branch.words.get('#')
  if (rest !== undefined) into.addAll(rest.here)
  const word = words[at]
  if (word === undefined) {
    into.addAll(branch.here)
    return
  }
  const named = branch.words.get(word)
  if (named !== undefined) gather(named, words, at + 1, into)
  const any = branch.words.get('*')
  if (any !== undefined) gather(any, words, at + 1, into)
}

/** Takes a subscription out, and every branch that nobody needs any more. Answers whether this one is such. */
function prune (branch: Branch, words: readonly string[], at: number, handle: number): boolean {
  const word = words[at]
  if (word === undefined) branch.here.delete(handle)
  else {
    const next = branch.words.get(word)
    if (next !== undefined && prune(next, words, at + 1, handle)) branch.words.delete(word)
  }
  return branch.here.count === 0 && branch.words.size === 0
}
