/** What a frame on a link is; its first byte. */
export const ENVELOPE = {
  /** A message for an agent: {@link ../remote/remote-message.ts}. */
  message: 1,
  /** What became of a durable message. */
  settled: 2,
  /** Bytes for a channel. */
  say: 3,
  /** A piece of a question to a channel. */
  ask: 4,
  /** A piece of the answer. */
  answer: 5,
  /** The question could not be answered. */
  refusal: 6,
  /** Nobody waits for the answer any more. */
  cancel: 7,
} as const

/** Most bytes of a channel's name. */
export const LONGEST_CHANNEL = 64
/** Most bytes of a question or answer that travel in one frame, so that messages get their turn in between. */
export const PIECE_BYTES = 128 * 1024

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** `say`: kind, length of the name, name, bytes. */
export function encodeSaying (channel: string, bytes: Uint8Array): Uint8Array {
  const name = encoder.encode(channel)
  const frame = new Uint8Array(2 + name.length + bytes.length)
  frame[0] = ENVELOPE.say
  frame[1] = name.length
  frame.set(name, 2)
  frame.set(bytes, 2 + name.length)
  return frame
}

export interface Saying {
  readonly channel: string
  readonly bytes: Uint8Array
}

/** Undefined when the frame is cut off. */
export function decodeSaying (frame: Uint8Array): Saying | undefined {
  const end = 2 + (frame[1] ?? LONGEST_CHANNEL)
  if (frame.length < end) return undefined
  return { channel: decoder.decode(frame.subarray(2, end)), bytes: frame.subarray(end) }
}

/** A piece of a question or an answer. */
export interface Piece {
  readonly kind: typeof ENVELOPE.ask | typeof ENVELOPE.answer | typeof ENVELOPE.refusal | typeof ENVELOPE.cancel
  /** Chosen by the asker, unique among its open questions to that node. */
  readonly question: number
  readonly isLast: boolean
  /** To which channel; of a question's first piece only, else empty. */
  readonly channel: string
  readonly bytes: Uint8Array
}

const PIECE_HEAD = 7

/** Kind, question (u32), 1 for the last piece, length of the name, name, bytes. */
export function encodePiece ({ kind, question, isLast, channel, bytes }: Piece): Uint8Array {
  const name = encoder.encode(channel)
  const frame = new Uint8Array(PIECE_HEAD + name.length + bytes.length)
  frame[0] = kind
  new DataView(frame.buffer).setUint32(1, question)
  frame[5] = isLast ? 1 : 0
  frame[6] = name.length
  frame.set(name, PIECE_HEAD)
  frame.set(bytes, PIECE_HEAD + name.length)
  return frame
}

/** Undefined when it is none. */
export function decodePiece (frame: Uint8Array): Piece | undefined {
  const kind = pieceKind(frame[0])
  const end = PIECE_HEAD + (frame[6] ?? 0)
  if (kind === undefined || frame.length < PIECE_HEAD || frame.length < end) return undefined
  return {
    kind,
    question: new DataView(frame.buffer, frame.byteOffset).getUint32(1),
    isLast: frame[5] === 1,
    channel: decoder.decode(frame.subarray(PIECE_HEAD, end)),
    bytes: frame.subarray(end),
  }
}

function pieceKind (byte: number | undefined): Piece['kind'] | undefined {
  switch (byte) {
    case ENVELOPE.ask: case ENVELOPE.answer: case ENVELOPE.refusal: case ENVELOPE.cancel: return byte
    default: return undefined
  }
}
