import { hostBytes, hostOf } from './host-bytes.js'
import { LIMITS } from './limits.js'
import { MAXIMUM_PORT, MAXIMUM_U32, TYPE } from './message-types.js'
import type { Alive, Dead, Suspect, Versions } from './messages.js'
import type { MsgpackReader } from './msgpack-reader.js'
import { MsgpackWriter } from './msgpack-writer.js'
import { malformed } from './refusal.js'
import { versionBytes, versionsOf } from './version-bytes.js'

export function readSuspect (reader: MsgpackReader): Suspect {
  return { kind: 'suspect', ...readAccusation(reader) }
}

export function readDead (reader: MsgpackReader): Dead {
  return { kind: 'dead', ...readAccusation(reader) }
}

export function readAlive (reader: MsgpackReader): Alive {
  let node = ''
  let incarnation = 0
  let host = ''
  let port = 0
  let meta: Uint8Array = new Uint8Array(0)
  let versions: Versions | undefined
  for (let left = reader.map(); left > 0; left--) {
    switch (reader.text(LIMITS.key)) {
      case 'Node': node = reader.text(LIMITS.name); break
      case 'Incarnation': incarnation = reader.integer(MAXIMUM_U32); break
      case 'Addr': host = hostOf(reader.raw(LIMITS.name)); break
      case 'Port': port = reader.integer(MAXIMUM_PORT); break
      case 'Meta': meta = reader.raw(LIMITS.meta); break
      case 'Vsn': versions = versionsOf(reader.raw(LIMITS.name)); break
      default: reader.skip()
    }
  }
  if (host === '') throw malformed('a node without an address')
  return { kind: 'alive', node: named(node), incarnation, host, port, meta, versions }
}

export function writeSuspect (message: Suspect): Uint8Array {
  return writeAccusation(TYPE.suspect, message)
}

export function writeDead (message: Dead): Uint8Array {
  return writeAccusation(TYPE.dead, message)
}

export function writeAlive ({ host, incarnation, meta, node, port, versions }: Alive): Uint8Array {
  const out = new MsgpackWriter(meta.length + 128).byte(TYPE.alive).map(6)
  out.text('Addr').raw(hostBytes(host)).text('Incarnation').unsigned(incarnation).text('Meta').rawOrNil(meta).text('Node').text(node)
  return out.text('Port').unsigned(port).text('Vsn').rawOrNil(versionBytes(versions)).finish()
}

/** The name of a node that a message is about. */
export function named (node: string): string {
  if (node === '') throw malformed('a node without a name')
  return node
}

interface Accusation {
  readonly node: string
  readonly incarnation: number
  readonly from: string
}

function readAccusation (reader: MsgpackReader): Accusation {
  let node = ''
  let incarnation = 0
  let from = ''
  for (let left = reader.map(); left > 0; left--) {
    switch (reader.text(LIMITS.key)) {
      case 'Node': node = reader.text(LIMITS.name); break
      case 'Incarnation': incarnation = reader.integer(MAXIMUM_U32); break
      case 'From': from = reader.text(LIMITS.name); break
      default: reader.skip()
    }
  }
  return { node: named(node), incarnation, from }
}

function writeAccusation (type: number, { from, incarnation, node }: Accusation): Uint8Array {
  const out = new MsgpackWriter().byte(type).map(3)
  return out.text('From').text(from).text('Incarnation').unsigned(incarnation).text('Node').text(node).finish()
}
