/**
 * A byte that says whether the message is compressed, then its length in four bytes, big-endian (gRPC over HTTP/2,
 * "Length-Prefixed-Message").
 */
const PREFIX_BYTES = 5

/** A message as it goes over the wire, not compressed. */
export function frameMessage (bytes: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(PREFIX_BYTES + bytes.byteLength)
  frame.writeUInt8(0, 0)
  frame.writeUInt32BE(bytes.byteLength, 1)
  frame.set(bytes, PREFIX_BYTES)
  return frame
}

/** Takes messages out of chunks of any size. */
export class MessageReader {
  private chunks: Buffer[] = []
  private held = 0

  /** `most` is the size of the largest message in bytes. */
  constructor (private readonly most: number) {}

  /** Whether a message has begun and not ended. */
  get unfinished (): boolean {
    return this.held > 0
  }

  /**
   * The messages that are complete with this chunk. Throws an error with a sentence for one that is compressed or too
   * large.
   */
  push (chunk: Buffer): Buffer[] {
    this.chunks.push(chunk)
    this.held += chunk.length
    const messages: Buffer[] = []
    for (;;) {
      const length = this.nextLength()
      if (length === undefined || this.held < PREFIX_BYTES + length) return messages
      messages.push(this.take(PREFIX_BYTES + length).subarray(PREFIX_BYTES))
    }
  }

  private nextLength (): number | undefined {
    if (this.held < PREFIX_BYTES) return undefined
    const prefix = this.joined(PREFIX_BYTES)
    if (prefix.readUInt8(0) !== 0) throw new Error('a message is compressed, which nobody asked for')
    const length = prefix.readUInt32BE(1)
    if (length > this.most) throw new Error(`a message has ${length} bytes, more than ${this.most}`)
    return length
  }

  private take (count: number): Buffer {
    const all = this.joined(count)
    this.chunks = all.length === count ? [] : [all.subarray(count)]
    this.held -= count
    return all.subarray(0, count)
  }

  /**
   * The first chunk, made long enough. Chunks are joined only when a whole prefix or message is there: each byte is
   * copied at most twice.
   */
  private joined (count: number): Buffer {
    const [first] = this.chunks
    if (first !== undefined && first.length >= count) return first
    const all = Buffer.concat(this.chunks)
    this.chunks = [all]
    return all
  }
}
