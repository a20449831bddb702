import { LIMITS } from './limits.js'
import { MsgpackReader } from './msgpack-reader.js'
import { MsgpackWriter } from './msgpack-writer.js'
import type { QueryFilter } from './serf-messages.js'

const NODES = 0
const TAG = 1

export function filterOf (bytes: Uint8Array): QueryFilter {
  const reader = new MsgpackReader(bytes, 1)
  if (bytes[0] === NODES) return readNodes(reader)
  return bytes[0] === TAG ? readTag(reader) : { kind: 'unknown', bytes }
}

export function filterBytes (filter: QueryFilter): Uint8Array {
  if (filter.kind === 'unknown') return filter.bytes
  const out = new MsgpackWriter()
  if (filter.kind === 'tag') {
    return out.byte(TAG).map(2).text('Expr').text(filter.expression).text('Tag').text(filter.tag).finish()
  }
  out.byte(NODES).array(filter.nodes.length)
  for (const node of filter.nodes) out.text(node)
  return out.finish()
}

function readNodes (reader: MsgpackReader): QueryFilter {
  const nodes: string[] = []
  for (let left = reader.array(); left > 0; left--) nodes.push(reader.text(LIMITS.name))
  return { kind: 'nodes', nodes }
}

function readTag (reader: MsgpackReader): QueryFilter {
  let tag = ''
  let expression = ''
  for (let left = reader.map(); left > 0; left--) {
    switch (reader.text(LIMITS.key)) {
      case 'Tag': tag = reader.text(LIMITS.packet); break
      case 'Expr': expression = reader.text(LIMITS.packet); break
      default: reader.skip()
    }
  }
  return { kind: 'tag', tag, expression }
}
