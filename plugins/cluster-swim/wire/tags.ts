import { LIMITS } from './limits.js'
import { MsgpackReader } from './msgpack-reader.js'
import { MsgpackWriter } from './msgpack-writer.js'
import { OutOfBytes, Refused } from './refusal.js'
import type { Tags } from './serf-messages.js'

/** First byte of meta that holds tags. */
const MAGIC = 255

/** What meta that holds no tags is taken for (Serf before 0.4). */
const ROLE = 'role'

/** A node's tags from its meta. Undefined where they are damaged. */
export function decodeTags (meta: Uint8Array): Tags | undefined {
  try {
    if (meta.length === 0) return new Map()
    const reader = new MsgpackReader(meta)
    if (meta[0] !== MAGIC) return new Map([[ROLE, Buffer.from(meta).toString()]])
    reader.take(1)
    return readTags(reader)
  } catch (thrown) {
    if (thrown instanceof Refused || thrown instanceof OutOfBytes) return undefined
    throw thrown
  }
}

/** Tags as meta. `RangeError` beyond 512 bytes in all. */
export function encodeTags (tags: Tags): Uint8Array {
  const out = new MsgpackWriter(LIMITS.meta).byte(MAGIC)
  writeTags(out, tags)
  const meta = out.finish()
  if (meta.length > LIMITS.meta) throw new RangeError(`tags of ${meta.length} bytes where ${LIMITS.meta} are the most`)
  return meta
}

export function readTags (reader: MsgpackReader): Tags {
  const tags = new Map<string, string>()
  for (let left = reader.map(); left > 0; left--) {
    const key = reader.text(LIMITS.meta)
    tags.set(key, reader.text(LIMITS.meta))
  }
  return tags
}

export function writeTags (out: MsgpackWriter, tags: Tags): void {
  out.map(tags.size)
  for (const [key, value] of tags) out.text(key).text(value)
}
