import { DELIVERY, FRAME, GuestFault, type FaultKind } from '../../contract/in-shard.js'
import type { TimerEntry } from '../../routing/timer-heap.js'
import type { Undeliverable } from '../../routing/undeliverable.js'
import type { ShardAgent } from './shard-agent.js'
import { AGENT_FIGURE, countLatency, SHARD_FIGURE, SHARD_WORD } from './shard-memory.js'
import type { ShardParts } from './shard-parts.js'

/** An agent's first turns are accounted for one by one, later ones by sampling one in so many: reading the fuel makes garbage. */
const SAMPLED = 16
const EXACTLY_ONCE = DELIVERY.indexOf('exactly-once')

/** What a message comes back with when its agent misbehaved. */
const FAULT_REASONS: Readonly<Record<FaultKind, Undeliverable>> = {
  trap: 'AGENT_TRAPPED', fuel: 'AGENT_OUT_OF_FUEL', stack: 'AGENT_STACK_OVERFLOW', memory: 'AGENT_OUT_OF_MEMORY',
  rejected: 'AGENT_REJECTED',
}

/**
 * One agent's turn: hands it a message or a timer, with the heartbeat naming it meanwhile, and accounts for what it
 * used. A guest that misbehaves is discarded and reported; the message it misbehaved on goes back.
 */
export class AgentTurns {
  /** Why the turn that is under way failed. */
  #failure: Undeliverable | '' = ''

  constructor (private readonly parts: ShardParts) {}

  /** Opens an agent's turn: the heartbeat names it, its quotas are full. `handling`: see there. */
  begin (agent: ShardAgent, handling = -1): void {
    agent.handling = handling
    agent.calls = 0
    agent.sendsLeft = agent.silence === undefined ? this.parts.birth.sendsPerMessage : 0
    const { words } = this.parts.counters
    Atomics.store(words, SHARD_WORD.running, agent.handle)
    Atomics.add(words, SHARD_WORD.activity, 1)
  }

  end (): void {
    Atomics.store(this.parts.counters.words, SHARD_WORD.running, 0)
  }

  /** Hands the message whose turn it is in an agent's mailbox to its guest. */
  handle (agent: ShardAgent): void {
    const { mailboxes, slab, counters, stamp, spans, post, works, time } = this.parts
    const slot = mailboxes.take(agent.slot)
    const bytes = slab.bytes(slot)
    const view = slab.view(slot)
    const at = slab.offset(slot)
    const length = view.getUint32(at + FRAME.length, true)
    const now = performance.now()
    time.passed(now)
    counters.recordLatency((now - slab.stamp(slot)) * 1_000)
    stamp.handle(view, at)
    const isTraced = stamp.current.sampled !== 0 && this.#trace()
    const mode = bytes[at + FRAME.delivery] ?? 0
    this.begin(agent, mode === 0 ? -1 : slot)
    try {
      if (post.hasExpired(view, at)) {
        this.#failure = 'MESSAGE_EXPIRED'
        post.bounce(bytes, view, at, length, 'MESSAGE_EXPIRED')
        return
      }
      works.begin(agent, mode === EXACTLY_ONCE)
      const result = agent.guest?.handle(bytes, at, length) ?? 0
      this.#account(agent)
      counters.add(SHARD_FIGURE.delivered)
      if (result < 0) {
        this.#complained(agent, bytes, view, at, length)
        return
      }
      works.end(agent, mode === 0 ? 0 : view.getUint32(at + FRAME.sequence, true), view, at)
      counters.addAgent(agent.slot, AGENT_FIGURE.handled)
      // Of a message that is kept the keeper says so, once that is certain.
      if (mode === 0) post.platform.confirm(bytes, view, at, length, 'handled')
    } catch (error) {
      const fault = faultOf(error)
      this.#account(agent)
      this.#fail(agent, bytes, view, at, length, FAULT_REASONS[fault])
      // No room for this one message is no misbehaviour: else anybody could bring an agent down with large messages.
      if (fault === 'rejected') works.end(agent, 0)
      else this.fault(agent, error)
    } finally {
      this.end()
      if (isTraced) spans.handled(bytes, view, at, length, now - slab.stamp(slot), this.#failure)
      if (agent.latencies !== undefined) countLatency(agent.latencies, (performance.now() - slab.stamp(slot)) * 1_000)
      slab.release(slot)
      counters.add(SHARD_FIGURE.pending, -1)
    }
  }

  /** Tells a guest that one of its timers fired. */
  tick (agent: ShardAgent, timer: TimerEntry): void {
    const { works, stamp, spans } = this.parts
    if (timer.cause === undefined) stamp.beginTrace()
    else stamp.resume(timer.cause)
    const tracedAs = stamp.current.sampled !== 0 && this.#trace() ? spans.traceId : undefined
    this.begin(agent)
    agent.tickDue = timer.due
    const isKept = agent.lasting?.has(timer.id) === true
    works.begin(agent, isKept)
    if (isKept) agent.open?.timers.set(timer.id, 0)
    try {
      agent.guest?.tick(timer.id)
      this.#account(agent)
      works.end(agent, 0)
    } catch (error) {
      this.#account(agent)
      this.#failure = FAULT_REASONS[faultOf(error)]
      this.fault(agent, error)
    } finally {
      agent.tickDue = 0
      this.end()
      if (tracedAs !== undefined) spans.ticked(agent.handle, tracedAs, this.#failure)
    }
  }

  /** Discards a guest that misbehaved, and reports it. */
  fault (agent: ShardAgent, error: unknown): void {
    this.parts.works.abort(agent)
    const { timers, counters, reports, tell } = this.parts
    agent.discard(timers)
    counters.add(SHARD_FIGURE.faults)
    // First what it said before.
    reports.flush()
    tell({ kind: 'fault', handle: agent.handle, fault: faultOf(error), message: messageOf(error) })
  }

  /** Begins to record the turn, if there is room for that. */
  #trace (): boolean {
    this.#failure = ''
    return this.parts.spans.begin()
  }

  #account (agent: ShardAgent): void {
    const { guest, turns } = agent
    if (guest === undefined) return
    agent.turns = turns + 1
    if (turns >= SAMPLED && turns % SAMPLED !== 0) return
    this.parts.counters.addAgent(agent.slot, AGENT_FIGURE.fuel, guest.fuelUsed() * (turns < SAMPLED ? 1 : SAMPLED))
    this.parts.counters.setAgent(agent.slot, AGENT_FIGURE.memory, guest.memoryBytes())
  }

  #fail (agent: ShardAgent, bytes: Uint8Array, view: DataView, at: number, length: number, reason: Undeliverable): void {
    this.#failure = reason
    this.parts.counters.addAgent(agent.slot, AGENT_FIGURE.failed)
    this.parts.post.bounce(bytes, view, at, length, reason)
  }

  /** A message that it complains about has no effect where that counts: what it did for it goes with the guest that did it. */
  #complained (agent: ShardAgent, bytes: Uint8Array, view: DataView, at: number, length: number): void {
    const { works, timers } = this.parts
    this.#fail(agent, bytes, view, at, length, 'AGENT_REPORTED_FAILURE')
    if (view.getUint8(at + FRAME.delivery) !== EXACTLY_ONCE) {
      works.end(agent, 0)
      return
    }
    works.abort(agent)
    agent.discard(timers)
    agent.renewal ??= 0
  }
}

const faultOf = (error: unknown): FaultKind => error instanceof GuestFault ? error.kind : 'trap'

/** What an error says, for a report. */
export const messageOf = (error: unknown): string => error instanceof Error ? error.message : String(error)
