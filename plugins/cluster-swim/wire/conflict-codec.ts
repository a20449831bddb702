import { hostBytes, hostOf } from './host-bytes.js'
import { LIMITS } from './limits.js'
import { MAXIMUM_PORT } from './message-types.js'
import type { MsgpackReader } from './msgpack-reader.js'
import { MsgpackWriter } from './msgpack-writer.js'
import { malformed } from './refusal.js'
import { named } from './rumour-codec.js'
import { type ConflictResponse, SERF_STATUSES, type SerfStatus, type Tags } from './serf-messages.js'
import { SERF_TYPE } from './serf-types.js'
import { readTags, writeTags } from './tags.js'

export function readConflictResponse (reader: MsgpackReader): ConflictResponse {
  let node = ''
  let host = ''
  let port = 0
  let tags: Tags = new Map()
  let status: SerfStatus | undefined = 'none'
  const versions = { minimum: 0, maximum: 0, current: 0, delegateMinimum: 0, delegateMaximum: 0, delegateCurrent: 0 }
  for (let left = reader.map(); left > 0; left--) {
    switch (reader.text(LIMITS.key)) {
      case 'Name': node = reader.text(LIMITS.name); break
      case 'Addr': host = hostOf(reader.raw(LIMITS.name)); break
      case 'Port': port = reader.integer(MAXIMUM_PORT); break
      case 'Tags': tags = readTags(reader); break
      case 'Status': status = SERF_STATUSES[reader.integer(255)]; break
      case 'ProtocolMin': versions.minimum = reader.integer(255); break
      case 'ProtocolMax': versions.maximum = reader.integer(255); break
      case 'ProtocolCur': versions.current = reader.integer(255); break
      case 'DelegateMin': versions.delegateMinimum = reader.integer(255); break
      case 'DelegateMax': versions.delegateMaximum = reader.integer(255); break
      case 'DelegateCur': versions.delegateCurrent = reader.integer(255); break
      default: reader.skip()
    }
  }
  if (status === undefined) throw malformed('a member in no known state')
  return { kind: 'conflict-response', node: named(node), host, port, tags, status, versions }
}

export function writeConflictResponse ({ node, host, port, tags, status, versions }: ConflictResponse): Uint8Array {
  const out = new MsgpackWriter(512).byte(SERF_TYPE.conflictResponse).map(11).text('Addr').rawOrNil(hostBytes(host))
  out.text('DelegateCur').unsigned(versions.delegateCurrent).text('DelegateMax').unsigned(versions.delegateMaximum)
  out.text('DelegateMin').unsigned(versions.delegateMinimum).text('Name').text(node).text('Port').unsigned(port)
  out.text('ProtocolCur').unsigned(versions.current).text('ProtocolMax').unsigned(versions.maximum)
  out.text('ProtocolMin').unsigned(versions.minimum).text('Status').unsigned(SERF_STATUSES.indexOf(status)).text('Tags')
  writeTags(out, tags)
  return out.finish()
}
