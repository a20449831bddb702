const MIB = 2 ** 20

/** What an honest node stays within; more is refused. Bytes, except where another unit is named. */
export const LIMITS = {
  /** Of a node. */
  name: 255,
  /** Key of a map. */
  key: 255,
  meta: 512,
  label: 255,
  /** Private bytes on a ping or an ack. */
  extension: 256,
  /** Of a packet, and of all that is decompressed from one. */
  packet: 65_536,
  /** Compress and compound layers inside one another. */
  depth: 8,
  /** Messages in one compound layer. */
  parts: 255,
  /** Encrypted frame of a stream, after its length. */
  frame: 20 * MIB,
  userState: 20 * MIB,
  userMessage: 20 * MIB,
  /** A stream without encryption, and what is decompressed from one. */
  stream: 40 * MIB,
  /** A ping, an ack or a failure over a stream. */
  shortStream: 65_536,
  /** Nodes in a push/pull. */
  nodes: 2 ** 20,
  /** Times whose events a node still holds. */
  eventTimes: 512,
  /** Events that a node still holds, in all. */
  events: 16_384,
  /** Values in one map of a stream. */
  values: 256,
  /** Keys in a key ring. */
  keys: 16,
} as const
