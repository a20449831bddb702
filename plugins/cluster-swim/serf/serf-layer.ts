import type { MemberRecord } from '../members/member-record.js'
import type { MemberTable } from '../members/member-table.js'
import type { Address } from '../network/network.js'
import { decodeSerfMessage, encodeSerfMessage } from '../wire/serf-codec.js'
import type { PastEvent, Query, SerfState, UserEvent } from '../wire/serf-messages.js'
import type { Refusal } from '../wire/refusal.js'
import type { Intents } from './intents.js'
import { LamportClock } from './lamport-clock.js'
import type { OwnQueries } from './own-queries.js'
import type { QueryAnswers } from './query-answers.js'
import { RecentTimes } from './recent-times.js'

export interface SerfParts {
  readonly me: MemberRecord
  readonly table: MemberTable
  readonly intents: Intents
  readonly queries: OwnQueries
  readonly answers: QueryAnswers
  broadcast (bytes: Uint8Array, sent?: () => void): void
  send (to: Address, bytes: Uint8Array): void
  refused (refusal: Refusal): void
}

/**
 * Serf's layer, as far as a ring of Serf agents needs it of this node: who comes and goes, events and queries handed on as
 * they came, queries answered (memberlist-protocol §11).
 */
export class SerfLayer {
  readonly #eventClock = new LamportClock()
  readonly #events = new RecentTimes<PastEvent>()
  readonly #seenQueries = new RecentTimes<true>()

  constructor (private readonly parts: SerfParts) {
    this.#eventClock.next()
  }

  /** A user message came. */
  heard (bytes: Uint8Array): void {
    const reading = decodeSerfMessage(bytes)
    if (reading.kind === 'refused') {
      this.parts.refused(reading.refusal)
      return
    }
    const { message } = reading
    const { intents, queries } = this.parts
    switch (message.kind) {
      case 'leave': if (intents.leave(message)) this.#passOn(bytes); break
      case 'join': if (intents.join(message)) this.#passOn(bytes); break
      case 'event': if (this.#event(message)) this.#passOn(bytes); break
      case 'query': this.#query(message, bytes); break
      case 'response': queries.heard(message); break
      case 'relay': this.parts.send({ host: message.host, port: message.port }, Uint8Array.from(message.message)); break
      default: break
    }
  }

  /** The user state of a push/pull. */
  state (): Uint8Array {
    const { intents, queries, table } = this.parts
    const leftMembers = [...table.all()].filter(({ state }) => state === 'left').map(({ name }) => name)
    return encodeSerfMessage({
      kind: 'state', time: intents.clock.time, statusTimes: intents.statusTimes(), leftMembers,
      eventTime: this.#eventClock.time, queryTime: queries.clock.time,
      events: this.#events.all().map(({ time, values }) => ({ time, events: values })),
    })
  }

  merge (bytes: Uint8Array): void {
    if (bytes.length === 0) return
    const reading = decodeSerfMessage(bytes)
    if (reading.kind === 'refused') this.parts.refused(reading.refusal)
    else if (reading.message.kind === 'state') this.#merge(reading.message)
  }

  announceJoin (): void {
    const { intents, me } = this.parts
    this.#passOn(encodeSerfMessage({ kind: 'join', time: intents.own('join', me.name), node: me.name }))
  }

  /** `sent` is called when the first has been told. */
  announceLeave (node: string, sent?: () => void): void {
    const bytes = encodeSerfMessage({ kind: 'leave', time: this.parts.intents.own('leave', node), node, prune: false })
    this.parts.broadcast(bytes, sent)
  }

  /** This node's own question is told to everybody, and answered here too. */
  ask (bytes: Uint8Array): void {
    this.heard(bytes)
  }

  #merge (state: SerfState): void {
    const { intents, queries } = this.parts
    if (state.time > 0) intents.clock.witness(state.time - 1)
    if (state.eventTime > 0) this.#eventClock.witness(state.eventTime - 1)
    if (state.queryTime > 0) queries.clock.witness(state.queryTime - 1)
    const left = new Set(state.leftMembers)
    for (const node of left) intents.leave({ kind: 'leave', node, time: (state.statusTimes.get(node) ?? 0) + 1, prune: false })
    for (const [node, time] of state.statusTimes) if (!left.has(node)) intents.join({ kind: 'join', node, time })
    for (const { time, events } of state.events) {
      for (const { name, payload } of events) this.#event({ kind: 'event', time, name, payload, coalesce: false })
    }
  }

  #event ({ time, name, payload }: UserEvent): boolean {
    this.#eventClock.witness(time)
    const key = `${name} ${Buffer.from(payload).toString('base64')}`
    return this.#events.note(time, key, { name, payload: Uint8Array.from(payload) }, this.#eventClock.time)
  }

  #query (query: Query, bytes: Uint8Array): void {
    const { queries, answers } = this.parts
    queries.clock.witness(query.time)
    if (!this.#seenQueries.note(query.time, String(query.id), true, queries.clock.time)) return
    if (!query.noBroadcast) this.#passOn(bytes)
    answers.answer(query)
  }

  /** Exactly as it came: others compare bytes. */
  #passOn (bytes: Uint8Array): void {
    this.parts.broadcast(Uint8Array.from(bytes))
  }
}

/** Sends an answer to who asked, and through as many others as it wished. */
export function replyTo (query: Query, message: Uint8Array, { me, table, send, heard }: {
  readonly me: MemberRecord
  readonly table: MemberTable
  send (to: Address, bytes: Uint8Array): void
  heard (bytes: Uint8Array): void
}): void {
  const { host, port, sourceNode, relayFactor } = query
  if (sourceNode === me.name) heard(message)
  else send({ host, port }, message)
  if (relayFactor === 0 || sourceNode === me.name) return
  const relayed = encodeSerfMessage({ kind: 'relay', node: sourceNode, host, port, message })
  for (const helper of table.pick(relayFactor, record => record !== me && record.state === 'alive')) send(helper, relayed)
}
