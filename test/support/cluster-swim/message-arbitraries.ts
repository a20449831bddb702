import fc from 'fast-check'
import { hostOf } from '../../../plugins/cluster-swim/wire/host-bytes.js'
import type { NodeRecord, PacketMessage, Source, StreamMessage, Versions } from '../../../plugins/cluster-swim/wire/messages.js'
import { type QueryFilter, SERF_STATUSES, type SerfMessage, type SerfState } from '../../../plugins/cluster-swim/wire/serf-messages.js'

/** Every message that can be said, as fast-check makes them up. */

const u32 = fc.integer({ min: 0, max: 0xffff_ffff })
const port = fc.integer({ min: 1, max: 65_535 })
const byte = fc.integer({ min: 0, max: 255 })
const time = fc.maxSafeNat()
export const bytes = (maxLength: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ maxLength })
const text = fc.string({ unit: 'binary', maxLength: 40 })
export const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
export const host = fc.oneof(fc.uint8Array({ minLength: 4, maxLength: 4 }), fc.uint8Array({ minLength: 16, maxLength: 16 })).map(hostOf)
const tags = fc.dictionary(text, text, { maxKeys: 5 }).map(pairs => new Map(Object.entries(pairs)))

const versions: fc.Arbitrary<Versions> = fc.record({
  minimum: byte, maximum: byte, current: byte, delegateMinimum: byte, delegateMaximum: byte, delegateCurrent: byte,
})
const maybeVersions = fc.option(versions, { nil: undefined })
const source: fc.Arbitrary<Source | undefined> = fc.option(
  fc.record({ node: fc.oneof(name, fc.constant('')), host, port }), { nil: undefined },
)

const ping = fc.record({ kind: fc.constant('ping' as const), sequence: u32, node: text, source, extension: bytes(256) })
const ack = fc.record({ kind: fc.constant('ack' as const), sequence: u32, payload: bytes(300) })
const user = fc.record({ kind: fc.constant('user' as const), bytes: bytes(300) })

export const packetMessage: fc.Arbitrary<PacketMessage> = fc.oneof(
  ping,
  fc.record({ kind: fc.constant('indirect-ping' as const), sequence: u32, node: text, host, port, wantsNack: fc.boolean(), source }),
  ack,
  fc.record({ kind: fc.constant('nack' as const), sequence: u32 }),
  fc.record({ kind: fc.constant('suspect' as const), node: name, incarnation: u32, from: text }),
  fc.record({
    kind: fc.constant('alive' as const), node: name, incarnation: u32, host, port: fc.nat(65_535), meta: bytes(512),
    versions: maybeVersions,
  }),
  fc.record({ kind: fc.constant('dead' as const), node: name, incarnation: u32, from: text }),
  user,
)

const nodeRecord: fc.Arbitrary<NodeRecord> = fc.record({
  node: name, host, port: fc.nat(65_535), meta: bytes(512), incarnation: u32,
  state: fc.constantFrom('alive' as const, 'suspect' as const, 'dead' as const, 'left' as const), versions: maybeVersions,
})

export const streamMessage: fc.Arbitrary<StreamMessage> = fc.oneof(
  ping, ack, user,
  fc.record({
    kind: fc.constant('push-pull' as const), join: fc.boolean(), nodes: fc.array(nodeRecord, { maxLength: 20 }), userState: bytes(2000),
  }),
  fc.record({ kind: fc.constant('failure' as const), reason: text }),
)

const pastEvent = fc.record({ name: text, payload: bytes(50) })

const serfState: fc.Arbitrary<SerfState> = fc.record({
  kind: fc.constant('state' as const), time,
  statusTimes: fc.array(fc.tuple(name, time), { maxLength: 20 }).map(pairs => new Map(pairs)),
  leftMembers: fc.array(name, { maxLength: 5 }), eventTime: time,
  events: fc.array(fc.record({ time, events: fc.array(pastEvent, { maxLength: 3 }) }), { maxLength: 5 }),
  queryTime: time,
})

const filter: fc.Arbitrary<QueryFilter> = fc.oneof(
  fc.record({ kind: fc.constant('nodes' as const), nodes: fc.array(text, { maxLength: 4 }) }),
  fc.record({ kind: fc.constant('tag' as const), tag: text, expression: text }),
  fc.record({ kind: fc.constant('unknown' as const), bytes: bytes(20).map(rest => Uint8Array.of(7, ...rest)) }),
)

export const serfMessage: fc.Arbitrary<SerfMessage> = fc.oneof(
  fc.record({ kind: fc.constant('leave' as const), time, node: name, prune: fc.boolean() }),
  fc.record({ kind: fc.constant('join' as const), time, node: name }),
  serfState,
  fc.record({ kind: fc.constant('event' as const), time, name: text, payload: bytes(100), coalesce: fc.boolean() }),
  fc.record({
    kind: fc.constant('query' as const), time, id: u32, host, port, sourceNode: text, filters: fc.array(filter, { maxLength: 3 }),
    wantsAck: fc.boolean(), noBroadcast: fc.boolean(), relayFactor: byte, timeout: fc.nat(), name: text, payload: bytes(100),
  }),
  fc.record({ kind: fc.constant('response' as const), time, id: u32, from: text, isAck: fc.boolean(), payload: bytes(100) }),
  fc.record({
    kind: fc.constant('conflict-response' as const), node: name, host, port, tags, status: fc.constantFrom(...SERF_STATUSES), versions,
  }),
  fc.record({ kind: fc.constant('key-request' as const), key: bytes(32) }),
  fc.record({
    kind: fc.constant('key-response' as const), succeeded: fc.boolean(), message: text, keys: fc.array(text, { maxLength: 4 }),
    primaryKey: text,
  }),
  fc.record({ kind: fc.constant('relay' as const), node: text, host, port, message: bytes(100) }),
)
