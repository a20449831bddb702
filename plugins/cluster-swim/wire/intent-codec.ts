import { LIMITS } from './limits.js'
import type { MsgpackReader } from './msgpack-reader.js'
import { MsgpackWriter } from './msgpack-writer.js'
import { named } from './rumour-codec.js'
import type { JoinIntent, LeaveIntent } from './serf-messages.js'
import { SERF_TYPE } from './serf-types.js'

export function readLeaveIntent (reader: MsgpackReader): LeaveIntent {
  return { kind: 'leave', ...readIntent(reader) }
}

export function readJoinIntent (reader: MsgpackReader): JoinIntent {
  const { time, node } = readIntent(reader)
  return { kind: 'join', time, node }
}

export function writeLeaveIntent ({ time, node, prune }: LeaveIntent): Uint8Array {
  const out = new MsgpackWriter().byte(SERF_TYPE.leave).map(3)
  return out.text('LTime').unsigned(time).text('Node').text(node).text('Prune').boolean(prune).finish()
}

export function writeJoinIntent ({ time, node }: JoinIntent): Uint8Array {
  return new MsgpackWriter().byte(SERF_TYPE.join).map(2).text('LTime').unsigned(time).text('Node').text(node).finish()
}

function readIntent (reader: MsgpackReader): { time: number, node: string, prune: boolean } {
  let time = 0
  let node = ''
  let prune = false
  for (let left = reader.map(); left > 0; left--) {
    switch (reader.text(LIMITS.key)) {
      case 'LTime': time = reader.integer(Number.MAX_SAFE_INTEGER); break
      case 'Node': node = reader.text(LIMITS.name); break
      case 'Prune': prune = reader.boolean(); break
      default: reader.skip()
    }
  }
  return { time, node: named(node), prune }
}
