import { hostBytes, hostOf } from './host-bytes.js'
import { LIMITS } from './limits.js'
import { MAXIMUM_PORT, MAXIMUM_U32, TYPE } from './message-types.js'
import type { Ack, IndirectPing, Nack, Ping, Source } from './messages.js'
import type { MsgpackReader } from './msgpack-reader.js'
import { MsgpackWriter } from './msgpack-writer.js'
import { malformed } from './refusal.js'

/** Under which a ping carries the private bytes of Caxton nodes. */
const EXTENSION = 'Caxton'

const NOTHING = new Uint8Array(0)

export function readPing (reader: MsgpackReader): Ping {
  const probe = readProbe(reader)
  return { kind: 'ping', sequence: probe.sequence, node: probe.node, source: sourceOf(probe), extension: probe.extension }
}

export function readIndirectPing (reader: MsgpackReader): IndirectPing {
  const probe = readProbe(reader)
  const { sequence, node, port, wantsNack } = probe
  const host = hostOf(probe.target)
  if (host === '' || port === 0) throw malformed('a ping for another node without its address')
  return { kind: 'indirect-ping', sequence, node, host, port, wantsNack, source: sourceOf(probe) }
}

export function readAck (reader: MsgpackReader): Ack {
  let sequence = 0
  let payload: Uint8Array = NOTHING
  for (let left = reader.map(); left > 0; left--) {
    switch (reader.text(LIMITS.key)) {
      case 'SeqNo': sequence = reader.integer(MAXIMUM_U32); break
      case 'Payload': payload = reader.raw(LIMITS.packet); break
      default: reader.skip()
    }
  }
  return { kind: 'ack', sequence, payload }
}

export function readNack (reader: MsgpackReader): Nack {
  return { kind: 'nack', sequence: readAck(reader).sequence }
}

export function writePing ({ node, sequence, source, extension }: Ping): Uint8Array {
  const out = new MsgpackWriter().byte(TYPE.ping)
  out.map(2 + sourceFields(source) + (extension.length > 0 ? 1 : 0))
  if (extension.length > 0) out.text(EXTENSION).raw(extension)
  out.text('Node').text(node).text('SeqNo').unsigned(sequence)
  writeSource(out, source)
  return out.finish()
}

export function writeIndirectPing ({ wantsNack, node, port, sequence, source, host }: IndirectPing): Uint8Array {
  const out = new MsgpackWriter().byte(TYPE.indirectPing).map(5 + sourceFields(source))
  out.text('Nack').boolean(wantsNack).text('Node').text(node).text('Port').unsigned(port).text('SeqNo').unsigned(sequence)
  writeSource(out, source)
  return out.text('Target').raw(hostBytes(host)).finish()
}

export function writeAck ({ payload, sequence }: Ack): Uint8Array {
  const out = new MsgpackWriter(payload.length + 32).byte(TYPE.ack)
  return out.map(2).text('Payload').rawOrNil(payload).text('SeqNo').unsigned(sequence).finish()
}

export function writeNack ({ sequence }: Nack): Uint8Array {
  return new MsgpackWriter(16).byte(TYPE.nack).map(1).text('SeqNo').unsigned(sequence).finish()
}

interface Probe {
  sequence: number
  node: string
  target: Uint8Array
  port: number
  wantsNack: boolean
  sourceHost: string
  sourcePort: number
  sourceNode: string
  extension: Uint8Array
}

/** Both kinds of ping in one: a field that only the other kind has does no harm. */
function readProbe (reader: MsgpackReader): Probe {
  const probe: Probe = {
    sequence: 0, node: '', target: NOTHING, port: 0, wantsNack: false, sourceHost: '', sourcePort: 0, sourceNode: '', extension: NOTHING,
  }
  for (let left = reader.map(); left > 0; left--) {
    switch (reader.text(LIMITS.key)) {
      case 'SeqNo': probe.sequence = reader.integer(MAXIMUM_U32); break
      case 'Node': probe.node = reader.text(LIMITS.name); break
      case 'Target': probe.target = reader.raw(LIMITS.name); break
      case 'Port': probe.port = reader.integer(MAXIMUM_PORT); break
      case 'Nack': probe.wantsNack = reader.boolean(); break
      case 'SourceAddr': probe.sourceHost = hostOf(reader.raw(LIMITS.name)); break
      case 'SourcePort': probe.sourcePort = reader.integer(MAXIMUM_PORT); break
      case 'SourceNode': probe.sourceNode = reader.text(LIMITS.name); break
      case EXTENSION: probe.extension = reader.raw(LIMITS.extension); break
      default: reader.skip()
    }
  }
  return probe
}

/** An answer can be sent only where both address and port are told. */
function sourceOf ({ sourceNode, sourceHost, sourcePort }: Probe): Source | undefined {
  return sourceHost === '' || sourcePort === 0 ? undefined : { node: sourceNode, host: sourceHost, port: sourcePort }
}

function sourceFields (source: Source | undefined): number {
  if (source === undefined) return 0
  return source.node === '' ? 2 : 3
}

function writeSource (out: MsgpackWriter, source: Source | undefined): void {
  if (source === undefined) return
  out.text('SourceAddr').raw(hostBytes(source.host))
  if (source.node !== '') out.text('SourceNode').text(source.node)
  out.text('SourcePort').unsigned(source.port)
}
