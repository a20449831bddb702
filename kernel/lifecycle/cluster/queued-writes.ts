import { isCaxtonError, type Clock, type Logger, type Store } from '../../contract/index.js'
import type { HeldWrite, WriteGate } from '../agents/write-gate.js'
import { ClusterQueueFull } from './cluster-errors.js'
import { decodeWrite, encodeWrite, type KeptWrite } from './held-write-code.js'
import type { Incidents } from './incidents.js'

/** The collection of changes that wait, in the order in which they were asked for. */
export const WRITES = 'queued-writes'

const DIGITS = 13

/** What {@link QueuedWrites} work with. */
export interface QueuedWritesParts {
  readonly self: string
  readonly store: Store
  /** Whether this node may change what the whole cluster must agree on. */
  readonly isWritable: () => boolean
  /** Claim epoch under which an agent is known; 0: it is not. */
  readonly claimOf: (agent: string) => number
  /** Carries a change out, on whichever node. Throws what that throws. */
  readonly apply: (write: HeldWrite) => Promise<void>
  /** Most changes that wait. */
  readonly limit: number
  readonly incidents: Incidents
  readonly clock: Clock
  readonly log: Logger
}

/**
 * Keeps what is asked for in a minority until there is a majority again, then carries it out in order. What was decided on an agent that
 * the majority has changed meanwhile is not: it is reported.
 */
export class QueuedWrites implements WriteGate {
  #count = 0
  #serial = 0
  /** Changes that could not be carried out since the start. */
  conflicts = 0

  constructor (private readonly parts: QueuedWritesParts) {}

  /** Finds what an earlier process left. */
  async open (): Promise<void> {
    const { store } = this.parts
    this.#count = await store.count(WRITES)
    for await (const { key } of store.scan(WRITES, { reverse: true, limit: 1 })) this.#serial = Number.parseInt(key, 16)
  }

  get isClosed (): boolean {
    return !this.parts.isWritable()
  }

  get count (): number {
    return this.#count
  }

  async hold (write: HeldWrite): Promise<number> {
    const { store, claimOf, clock, limit, log } = this.parts
    if (this.#count >= limit) throw ClusterQueueFull({ limit })
    this.#serial += 1
    this.#count += 1
    const key = this.#serial.toString(16).padStart(DIGITS, '0')
    try {
      await store.commit([{ put: WRITES, key, value: encodeWrite({ ...write, claim: claimOf(write.agent), at: clock.now() }) }])
    } catch (error) {
      this.#count -= 1
      throw error
    }
    log.info('a change waits until a majority can be reached', { change: write.what, agent: write.agent, caller: write.caller })
    return this.#count
  }

  /** Carries out what waits. Stops when this node may write no more; then the rest goes on waiting. */
  async replay (): Promise<void> {
    const { store, isWritable } = this.parts
    const changed = new Set<string>()
    while (isWritable() && this.#count > 0) {
      const entry = await this.#first()
      if (entry === undefined) {
        this.#count = 0
        return
      }
      const write = decodeWrite(entry.value)
      if (write !== undefined) await this.#carryOut(write, changed)
      await store.commit([{ delete: WRITES, key: entry.key }])
      this.#count -= 1
    }
  }

  async #first (): Promise<{ readonly key: string, readonly value: Uint8Array } | undefined> {
    for await (const entry of this.parts.store.scan(WRITES, { limit: 1 })) return entry
    return undefined
  }

  /** `changed`: agents that the same queue has changed already. */
  async #carryOut (write: KeptWrite, changed: Set<string>): Promise<void> {
    const { claimOf, apply, incidents, self } = this.parts
    const { what, agent, claim } = write
    const now = claimOf(agent)
    if (now !== claim && !changed.has(agent)) {
      this.#conflict(write, now === 0 ? 'it is there no more' : 'it was changed meanwhile')
      return
    }
    try {
      await apply(write)
      changed.add(agent)
      incidents.tell({ kind: 'replayed', nodeId: self, sentence: `what was queued is done: ${what} of agent ${agent}` })
    } catch (error) {
      this.#conflict(write, isCaxtonError(error) ? error.message : String(error))
    }
  }

  #conflict ({ what, agent, caller, at }: KeptWrite, reason: string): void {
    const { incidents, log, self } = this.parts
    this.conflicts += 1
    log.warn('a queued change could not be carried out', { change: what, agent, caller, asked: new Date(at).toISOString(), reason })
    incidents.tell({ kind: 'conflict', nodeId: self, sentence: `what was queued is not done: ${what} of agent ${agent}: ${reason}` })
  }
}
