/**
 * The layout of a frame: how a message looks inside Caxton and to an agent (ABI version 1). Little-endian; a fixed header, then
 * fields, then content. A test freezes every offset. Agents fill in receiver, act, deadline, fields and content; everything
 * else is stamped by the host, whatever the agent wrote there.
 */
export const FRAME = {
  version: 1,
  headerBytes: 96,
  /** u32: bytes of the whole frame. */
  length: 0,
  /** u8: 1. */
  formatVersion: 4,
  /** u8: communicative act, 1 to 22 (`ACTS`). */
  act: 5,
  /** u8: 0 at-most-once, 1 at-least-once, 2 exactly-once. Within a conversation at least that of its first message. */
  delivery: 6,
  /** u8: 0 low, 1 normal, 2 high, 3 critical. Within a conversation stamped with that of its first message. */
  priority: 7,
  /** u32 handle and u32 generation of the receiver; handle 0 with a `to` field is resolved by name. */
  receiver: 8,
  receiverGeneration: 12,
  /** u32 and u32, stamped by the host. */
  sender: 16,
  senderGeneration: 20,
  /** u64: the epoch of the node that made the message, different for every start of every node. Stamped. */
  messageEpoch: 24,
  /** u64: counts up within the epoch. Stamped. */
  messageCounter: 32,
  /** u64: 0 none. An initiator sends 0 and finds the new handle here when `send` returns; participants copy what they received. */
  conversation: 40,
  /** i64: `reply-by` in milliseconds since the Unix epoch; 0 none. */
  deadline: 48,
  /** u32: claim epoch of the sender's placement. Stamped. */
  claimEpoch: 56,
  /** u32: number under which a durable message is on its way; 0 for others. Stamped. */
  sequence: 60,
  /** 16 bytes and 8 bytes: W3C trace id and span id. Stamped. */
  traceId: 64,
  spanId: 80,
  /** u8: bit 0 sampled. Stamped. */
  traceFlags: 88,
  /** u8: see `FRAME_FLAGS`. */
  flags: 89,
  /** u16: reserved, 0. */
  reserved: 90,
  /** u32: bytes of the fields; the content is the rest of the frame. */
  fieldBytes: 92,
} as const

export const FRAME_FLAGS = {
  /** The platform speaks, not an agent. Stamped. Never answered by a failure. */
  platform: 1,
  /** Handed in again after a failure or a move. Stamped. */
  redelivered: 2,
  /**
   * The sender wants to hear that the message was handled; set by the sender. Together with `platform`: this is the
   * receipt, which belongs to no protocol and is never answered.
   */
  receipt: 4,
  /** The field `expires` says until when the message is good for something; set by the sender. */
  expires: 8,
  /** Its conversation allowed it where it was sent, and is not asked again. Stamped. */
  checked: 16,
  /** A copy for a new version that only watches: whatever it sends is discarded. Stamped. */
  shadow: 32,
} as const

/**
 * Fields between header and content: u16 tag, u16 length, then that many bytes of UTF-8, without padding. A tag may come once, but
 * for `user`, whose bytes are `X-name`, a zero byte, and the value. `expires` holds no text.
 */
export const FIELD = {
  protocol: 1,
  language: 2,
  encoding: 3,
  ontology: 4,
  conversationId: 5,
  replyWith: 6,
  inReplyTo: 7,
  /** The name of an agent; where that does not say it all, the set of agents in FIPA's string form: `(set ...)`. */
  replyTo: 8,
  /** Media type of the content; absent: `application/json`. */
  mediaType: 9,
  /** Receiver by name, when the handle is 0. */
  to: 10,
  user: 11,
  /** Receiver by what it offers, when the handle is 0 and there is no `to`: `<choice>:<name>[@<version>]`; docs/messages.md. */
  toCapability: 12,
  /** Topic under which it is published, when the handle is 0 and there is neither `to` nor `toCapability`. */
  toTopic: 13,
  /** i64: milliseconds since the Unix epoch from which on the message is not handed over any more. Needs its flag. */
  expires: 14,
  /** The whole set of receivers in FIPA's string form, where it says more than the one name. Nothing is delivered by it. */
  receivers: 15,
  /** Of those messages of a sender to a receiver that are kept and have the same key, only the first is delivered. */
  deliveryKey: 16,
} as const

/** Highest tag that a field may have; a frame with a higher one is malformed. */
export const HIGHEST_FIELD = 16

export const DELIVERY = ['at-most-once', 'at-least-once', 'exactly-once'] as const
export type Delivery = typeof DELIVERY[number]
export const PRIORITY = ['low', 'normal', 'high', 'critical'] as const
