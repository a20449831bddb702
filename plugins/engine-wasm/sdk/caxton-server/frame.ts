/**
 * The layout of a frame, for the rest of this SDK: the same numbers as in `kernel/contract/frame-layout.ts`, which
 * explains them.
 */
export namespace At {
  export const length: usize = 0
  export const formatVersion: usize = 4
  export const act: usize = 5
  export const delivery: usize = 6
  export const priority: usize = 7
  export const receiver: usize = 8
  export const sender: usize = 16
  export const messageEpoch: usize = 24
  export const messageCounter: usize = 32
  export const conversation: usize = 40
  export const deadline: usize = 48
  export const traceId: usize = 64
  export const spanId: usize = 80
  export const traceFlags: usize = 88
  export const flags: usize = 89
  export const fieldBytes: usize = 92
}

export const FORMAT_VERSION: i32 = 1
export const HEADER_BYTES: i32 = 96
export const FLAG_PLATFORM: i32 = 1
export const FLAG_REDELIVERED: i32 = 2
export const FLAG_RECEIPT: i32 = 4
export const FLAG_EXPIRES: i32 = 8
export const FLAG_SHADOW: i32 = 32

/** Tags of the fields between header and content; each is u16 tag, u16 length, then UTF-8. */
export namespace Tag {
  export const protocol: i32 = 1
  export const language: i32 = 2
  export const encoding: i32 = 3
  export const ontology: i32 = 4
  export const conversationId: i32 = 5
  export const replyWith: i32 = 6
  export const inReplyTo: i32 = 7
  export const replyTo: i32 = 8
  export const mediaType: i32 = 9
  export const to: i32 = 10
  export const user: i32 = 11
  export const toCapability: i32 = 12
  export const toTopic: i32 = 13
  /** i64 instead of text. */
  export const expires: i32 = 14
  export const receivers: i32 = 15
  export const deliveryKey: i32 = 16
}

/** Address of the header of the first field with this tag, or 0. */
export function findField (frame: usize, tag: i32): usize {
  let at = frame + HEADER_BYTES
  const end = at + load<u32>(frame, At.fieldBytes)
  while (at < end) {
    if (<i32>load<u16>(at) == tag) return at
    at += 4 + load<u16>(at, 2)
  }
  return 0
}

/** The text of the field at this address. */
export function fieldText (at: usize): string {
  return String.UTF8.decodeUnsafe(at + 4, load<u16>(at, 2))
}
