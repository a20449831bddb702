import type { MemberState } from '../../../kernel/contract/index.js'
import { hostBytes, hostOf } from './host-bytes.js'
import { LIMITS } from './limits.js'
import { MAXIMUM_PORT, MAXIMUM_U32, TYPE } from './message-types.js'
import type { NodeRecord, PushPull, Versions } from './messages.js'
import type { MsgpackReader } from './msgpack-reader.js'
import { MsgpackWriter } from './msgpack-writer.js'
import { malformed, Refused } from './refusal.js'
import { named } from './rumour-codec.js'
import { versionBytes, versionsOf } from './version-bytes.js'

const STATES: readonly MemberState[] = ['alive', 'suspect', 'dead', 'left']

/** What stands before nodes and user state. */
export interface PushPullHeader {
  readonly nodes: number
  readonly userState: number
  readonly join: boolean
}

export function readPushPullHeader (reader: MsgpackReader): PushPullHeader {
  let nodes = 0
  let userState = 0
  let join = false
  for (let left = reader.map(); left > 0; left--) {
    switch (reader.text(LIMITS.key)) {
      case 'Nodes': nodes = reader.integer(Number.MAX_SAFE_INTEGER); break
      case 'UserStateLen': userState = reader.integer(Number.MAX_SAFE_INTEGER); break
      case 'Join': join = reader.boolean(); break
      default: reader.skip()
    }
  }
  if (nodes > LIMITS.nodes) throw tooLarge(`${nodes} nodes where ${LIMITS.nodes} are the most`)
  if (userState > LIMITS.userState) throw tooLarge(`a user state of ${userState} bytes where ${LIMITS.userState} are the most`)
  return { nodes, userState, join }
}

/** Keeps nothing of the bytes, which may be many. */
export function readNodeRecord (reader: MsgpackReader): NodeRecord {
  let node = ''
  let host = ''
  let port = 0
  let meta: Uint8Array = new Uint8Array(0)
  let incarnation = 0
  let state: MemberState | undefined = 'alive'
  let versions: Versions | undefined
  for (let left = reader.map(); left > 0; left--) {
    switch (reader.text(LIMITS.key)) {
      case 'Name': node = reader.text(LIMITS.name); break
      case 'Addr': host = hostOf(reader.raw(LIMITS.name)); break
      case 'Port': port = reader.integer(MAXIMUM_PORT); break
      case 'Meta': meta = reader.raw(LIMITS.meta); break
      case 'Incarnation': incarnation = reader.integer(MAXIMUM_U32); break
      case 'State': state = STATES[reader.integer(255)]; break
      case 'Vsn': versions = versionsOf(reader.raw(LIMITS.name)); break
      default: reader.skip()
    }
  }
  if (state === undefined) throw malformed('a node in no known state')
  return { node: named(node), host, port, meta: meta.slice(), incarnation, state, versions }
}

/** All of it: type, header, nodes, user state. */
export function writePushPull ({ join, nodes, userState }: PushPull): Uint8Array {
  const out = new MsgpackWriter(64 + 160 * nodes.length + userState.length).byte(TYPE.pushPull).map(3)
  out.text('Join').boolean(join).text('Nodes').unsigned(nodes.length).text('UserStateLen').unsigned(userState.length)
  for (const node of nodes) writeNodeRecord(out, node)
  return out.append(userState).finish()
}

function writeNodeRecord (out: MsgpackWriter, { host, incarnation, meta, node, port, state, versions }: NodeRecord): void {
  out.map(7).text('Addr').rawOrNil(hostBytes(host)).text('Incarnation').unsigned(incarnation).text('Meta').rawOrNil(meta)
  out.text('Name').text(node).text('Port').unsigned(port).text('State').unsigned(STATES.indexOf(state))
  out.text('Vsn').rawOrNil(versionBytes(versions))
}

function tooLarge (detail: string): Refused {
  return new Refused({ reason: 'too-large', detail })
}
