import { hostBytes, hostOf } from './host-bytes.js'
import { LIMITS } from './limits.js'
import { MAXIMUM_PORT, MAXIMUM_U32 } from './message-types.js'
import type { MsgpackReader } from './msgpack-reader.js'
import { MsgpackWriter } from './msgpack-writer.js'
import { filterBytes, filterOf } from './query-filter-codec.js'
import { malformed } from './refusal.js'
import type { Query, QueryFilter, QueryResponse } from './serf-messages.js'
import { SERF_TYPE } from './serf-types.js'

const WANTS_ACK = 1
const NO_BROADCAST = 2
const IS_ACK = 1
const NANOSECONDS = 1_000_000

export function readQuery (reader: MsgpackReader): Query {
  const query = {
    time: 0, id: 0, host: '', port: 0, sourceNode: '', flags: 0, relayFactor: 0, timeout: 0, name: '', payload: reader.take(0),
  }
  let filters: readonly QueryFilter[] = []
  for (let left = reader.map(); left > 0; left--) {
    switch (reader.text(LIMITS.key)) {
      case 'LTime': query.time = reader.integer(Number.MAX_SAFE_INTEGER); break
      case 'ID': query.id = reader.integer(MAXIMUM_U32); break
      case 'Addr': query.host = hostOf(reader.raw(LIMITS.name)); break
      case 'Port': query.port = reader.integer(MAXIMUM_PORT); break
      case 'SourceNode': query.sourceNode = reader.text(LIMITS.name); break
      case 'Filters': filters = readFilters(reader); break
      case 'Flags': query.flags = reader.integer(MAXIMUM_U32); break
      case 'RelayFactor': query.relayFactor = reader.integer(255); break
      case 'Timeout': query.timeout = reader.integer(Number.MAX_SAFE_INTEGER) / NANOSECONDS; break
      case 'Name': query.name = reader.text(LIMITS.packet); break
      case 'Payload': query.payload = reader.raw(LIMITS.packet); break
      default: reader.skip()
    }
  }
  const { flags, ...rest } = query
  if (query.host === '' || query.port === 0) throw malformed('a query without an address for answers')
  return { kind: 'query', ...rest, filters, wantsAck: (flags & WANTS_ACK) !== 0, noBroadcast: (flags & NO_BROADCAST) !== 0 }
}

export function writeQuery (query: Query): Uint8Array {
  const { filters, id, name, payload, port, relayFactor, sourceNode, time, timeout } = query
  const out = new MsgpackWriter(256 + payload.length).byte(SERF_TYPE.query).map(11).text('Addr').raw(hostBytes(query.host)).text('Filters')
  if (filters.length === 0) out.nil()
  else out.array(filters.length)
  for (const filter of filters) out.raw(filterBytes(filter))
  out.text('Flags').unsigned((query.wantsAck ? WANTS_ACK : 0) | (query.noBroadcast ? NO_BROADCAST : 0)).text('ID').unsigned(id)
  out.text('LTime').unsigned(time).text('Name').text(name).text('Payload').rawOrNil(payload).text('Port').unsigned(port)
  out.text('RelayFactor').unsigned(relayFactor).text('SourceNode').text(sourceNode)
  return out.text('Timeout').unsigned(Math.round(timeout * NANOSECONDS)).finish()
}

export function readQueryResponse (reader: MsgpackReader): QueryResponse {
  let time = 0
  let id = 0
  let from = ''
  let flags = 0
  let payload: Uint8Array = new Uint8Array(0)
  for (let left = reader.map(); left > 0; left--) {
    switch (reader.text(LIMITS.key)) {
      case 'LTime': time = reader.integer(Number.MAX_SAFE_INTEGER); break
      case 'ID': id = reader.integer(MAXIMUM_U32); break
      case 'From': from = reader.text(LIMITS.name); break
      case 'Flags': flags = reader.integer(MAXIMUM_U32); break
      case 'Payload': payload = reader.raw(LIMITS.packet); break
      default: reader.skip()
    }
  }
  return { kind: 'response', time, id, from, isAck: (flags & IS_ACK) !== 0, payload }
}

export function writeQueryResponse ({ time, id, from, isAck, payload }: QueryResponse): Uint8Array {
  const out = new MsgpackWriter(128 + payload.length).byte(SERF_TYPE.response).map(5).text('Flags').unsigned(isAck ? IS_ACK : 0)
  return out.text('From').text(from).text('ID').unsigned(id).text('LTime').unsigned(time).text('Payload').rawOrNil(payload).finish()
}

function readFilters (reader: MsgpackReader): readonly QueryFilter[] {
  const filters: QueryFilter[] = []
  for (let left = reader.array(); left > 0; left--) filters.push(filterOf(reader.raw(LIMITS.packet)))
  return filters
}
