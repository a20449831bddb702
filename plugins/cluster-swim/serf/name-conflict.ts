import type { Clock, Counter, Logger, Metrics } from '../../../kernel/contract/index.js'
import type { MemberRecord } from '../members/member-record.js'
import { addressText, isSameAddress, type Address } from '../network/network.js'
import { decodeSerfMessage } from '../wire/serf-codec.js'
import type { Alive } from '../wire/messages.js'
import type { OwnQueries } from './own-queries.js'

/** How long the others have to say who holds the name, and how soon they are asked again. */
const WAIT = 3000
const PAUSE = 10_000

export interface ConflictParts {
  readonly me: MemberRecord
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: Metrics
  readonly queries: OwnQueries
  /** How many others run. */
  others (): number
  /** Whether this node is just joining the one that told it. */
  isJoining (): boolean
  /** Whether somebody answers under this node's name there. Never rejects. */
  isHeld (address: Address): Promise<boolean>
  /** The name belongs to another node: this one must stop. */
  lost (holder: string): void
  doubt (record: MemberRecord): void
}

/** Two nodes with one name: the others say whose it is, and who loses stops (Serf §11.5). */
export class NameConflict {
  readonly #stopped = new AbortController()
  readonly #counter: Counter
  readonly #said = new Set<string>()
  #askAgainAt = 0

  constructor (private readonly parts: ConflictParts) {
    this.#counter = parts.metrics.counter('caxton_cluster_name_conflicts_total', 'Nodes that were seen with the name of another.')
  }

  stop (): void {
    this.#stopped.abort()
  }

  noticed (record: MemberRecord, told: Alive): void {
    this.#counter.add(1)
    if (record !== this.parts.me) {
      this.#say(`two nodes are called "${record.name}": one at ${addressText(record)}, one at ${addressText(told)}`)
      // Perhaps it moved, and the old one does not answer any more.
      this.parts.doubt(record)
      return
    }
    const holder = addressText(told)
    this.#say(`another node, at ${holder}, has this node's name "${record.name}"`)
    const { clock } = this.parts
    if (clock.elapsed() < this.#askAgainAt) return
    this.#askAgainAt = clock.elapsed() + PAUSE
    void this.#ask(told, this.parts.isJoining())
  }

  async #ask (holder: Address, isJoining: boolean): Promise<void> {
    const { me, queries, others } = this.parts
    // Where nobody answers under the name any more, this node has moved, and the others will see it.
    if (!await this.parts.isHeld(holder) || this.#stopped.signal.aborted) return
    const payload = new TextEncoder().encode(me.name)
    const responses = await queries.ask('_serf_conflict', payload, WAIT, others, this.#stopped.signal)
    if (this.#stopped.signal.aborted) return
    let [forMe, all] = [0, 0]
    for (const { payload: answer } of responses) {
      const reading = decodeSerfMessage(answer)
      if (reading.kind !== 'message' || reading.message.kind !== 'conflict-response') continue
      all += 1
      if (isSameAddress(reading.message, me)) forMe += 1
    }
    const isLost = all === 0 ? isJoining : forMe * 2 <= all
    if (isLost) this.parts.lost(addressText(holder))
  }

  #say (sentence: string): void {
    if (this.#said.has(sentence) || this.#said.size > 100) return
    this.#said.add(sentence)
    this.parts.log.error(`${sentence}: give one of them another node.id`)
  }
}
