import { hostBytes } from '../../../plugins/cluster-swim/wire/host-bytes.js'
import type { NodeRecord, PacketMessage, PushPull, Source, Versions } from '../../../plugins/cluster-swim/wire/messages.js'
import { decodeSerfMessage } from '../../../plugins/cluster-swim/wire/serf-codec.js'
import type { SerfMessage } from '../../../plugins/cluster-swim/wire/serf-messages.js'
import type { GoldenLayer } from './golden-vectors.js'

/** A message in the words of the capture: Go's field names, bytes as `hex:`. */
export function describePacketMessage (message: PacketMessage): GoldenLayer {
  switch (message.kind) {
    case 'ping':
      return { layer: 'ping', body: { Node: message.node, SeqNo: message.sequence, ...source(message.source) } }
    case 'indirect-ping':
      return {
        layer: 'indirectPing',
        body: {
          Nack: message.wantsNack, Node: message.node, Port: message.port, SeqNo: message.sequence, Target: host(message.host),
          ...source(message.source),
        },
      }
    case 'ack': return { layer: 'ackResp', body: { Payload: hex(message.payload), SeqNo: message.sequence } }
    case 'nack': return { layer: 'nackResp', body: { SeqNo: message.sequence } }
    case 'suspect':
    case 'dead':
      return { layer: message.kind, body: { From: message.from, Incarnation: message.incarnation, Node: message.node } }
    case 'alive':
      return {
        layer: 'alive',
        body: {
          Addr: host(message.host), Incarnation: message.incarnation, Meta: hex(message.meta), Node: message.node, Port: message.port,
          Vsn: versions(message.versions),
        },
      }
    case 'user': {
      const { type, body } = describeSerf(message.bytes)
      return { layer: 'user', serf: type, body }
    }
  }
}

export function describePushPull ({ join, nodes, userState }: PushPull): GoldenLayer {
  return {
    layer: 'pushPull',
    header: { Join: join, Nodes: nodes.length, UserStateLen: userState.length },
    nodes: nodes.map(node),
    userState: describeSerf(userState),
  }
}

function describeSerf (bytes: Uint8Array): { type: string, body: Readonly<Record<string, unknown>> } {
  const reading = decodeSerfMessage(bytes)
  if (reading.kind === 'refused') throw new Error(reading.refusal.detail)
  return serf(reading.message)
}

function serf (message: SerfMessage): { type: string, body: Readonly<Record<string, unknown>> } {
  switch (message.kind) {
    case 'join': return { type: 'join', body: { LTime: message.time, Node: message.node } }
    case 'leave': return { type: 'leave', body: { LTime: message.time, Node: message.node, Prune: message.prune } }
    case 'event':
      return {
        type: 'userEvent',
        body: { CC: message.coalesce, LTime: message.time, Name: message.name, Payload: textOrHex(message.payload) },
      }
    case 'query':
      return {
        type: 'query',
        body: {
          Addr: host(message.host), Filters: message.filters.length === 0 ? null : message.filters,
          Flags: (message.wantsAck ? 1 : 0) + (message.noBroadcast ? 2 : 0), ID: message.id, LTime: message.time, Name: message.name,
          Payload: textOrHex(message.payload), Port: message.port, RelayFactor: message.relayFactor, SourceNode: message.sourceNode,
          Timeout: message.timeout * 1e6,
        },
      }
    case 'response':
      return {
        type: 'queryResponse',
        body: {
          Flags: message.isAck ? 1 : 0, From: message.from, ID: message.id, LTime: message.time, Payload: textOrHex(message.payload),
        },
      }
    case 'state':
      return {
        type: 'pushPull',
        body: {
          EventLTime: message.eventTime, Events: { len: 512, nonNull: message.events }, LTime: message.time,
          LeftMembers: message.leftMembers, QueryLTime: message.queryTime, StatusLTimes: Object.fromEntries(message.statusTimes),
        },
      }
    default: throw new Error(`no capture holds a message of kind ${message.kind}`)
  }
}

function node (record: NodeRecord): Readonly<Record<string, unknown>> {
  return {
    Addr: host(record.host), Incarnation: record.incarnation, Meta: hex(record.meta), Name: record.node, Port: record.port,
    State: ['alive', 'suspect', 'dead', 'left'].indexOf(record.state), Vsn: versions(record.versions),
  }
}

function source (from: Source | undefined): Readonly<Record<string, unknown>> {
  return from === undefined ? {} : { SourceAddr: host(from.host), SourceNode: from.node, SourcePort: from.port }
}

function versions (told: Versions | undefined): string | null {
  if (told === undefined) return null
  return hex(Uint8Array.of(
    told.minimum, told.maximum, told.current, told.delegateMinimum, told.delegateMaximum, told.delegateCurrent,
  ))
}

function host (address: string): string | null {
  return hex(hostBytes(address))
}

function hex (bytes: Uint8Array): string | null {
  return bytes.length === 0 ? null : `hex:${Buffer.from(bytes).toString('hex')}`
}

function textOrHex (bytes: Uint8Array): string | null {
  const text = Buffer.from(bytes).toString('latin1')
  return text !== '' && /^[ -~]*$/.test(text) ? text : hex(bytes)
}
