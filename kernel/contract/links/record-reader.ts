import { RECORD_HEADER } from './link-records.js'
import { MalformedInput } from './malformed-input.js'
import type { WireReceiver } from './wire.js'

/** Takes what a reader reads. */
export interface RecordSink {
  /** Most bytes of a body, by kind; what is not in it is not allowed. */
  readonly limits: readonly number[]
  /** The bytes belong to the sink. Throws {@link MalformedInput}. */
  record (kind: number, body: Uint8Array): void
  /** The other side breaks the rules; nothing more is read. */
  malformed (reason: string): void
  /** The wire has ended. */
  ended (reason: string): void
}

/**
 * Finds the records in what a wire brings, however it is cut up. A record that came in one piece is not copied. One that
 * is longer than its limit is refused when its header has come, before there is room for it.
 */
export class RecordReader implements WireReceiver {
  /** Grows whenever something comes in. */
  received = 0
  readonly #header = new Uint8Array(RECORD_HEADER)
  #headerBytes = 0
  #body: Uint8Array | undefined
  #bodyBytes = 0
  #isStopped = false

  constructor (private sink: RecordSink) {}

  /** From the next record on, another sink takes over. May be called within `record`. */
  handTo (sink: RecordSink): void {
    this.sink = sink
  }

  /** Reads nothing more; the end of the wire is still told. */
  stop (): void {
    this.#isStopped = true
    this.#body = undefined
  }

  /** Whether the last record is complete. */
  get isBetweenRecords (): boolean {
    return this.#headerBytes === 0 && this.#body === undefined
  }

  bytes (chunk: Uint8Array): void {
    this.received += 1
    try {
      let at = 0
      while (at < chunk.byteLength && !this.#isStopped) at = this.#body ? this.#fill(this.#body, chunk, at) : this.#begin(chunk, at)
    } catch (error) {
      if (!(error instanceof MalformedInput)) throw error
      this.stop()
      this.sink.malformed(error.message)
    }
  }

  ended (reason: string): void {
    this.#isStopped = true
    this.sink.ended(reason)
  }

  /** Reads a header, and the body if all of it is here. Gives the place up to which it has read. */
  #begin (chunk: Uint8Array, from: number): number {
    let at = from
    while (this.#headerBytes < RECORD_HEADER && at < chunk.byteLength) this.#header[this.#headerBytes++] = chunk[at++] ?? 0
    if (this.#headerBytes < RECORD_HEADER) return at
    const [kind = 0, high = 0, middle = 0, low = 0] = this.#header
    const length = high << 16 | middle << 8 | low
    const most = this.sink.limits[kind]
    if (most === undefined) throw new MalformedInput(`a record of kind ${kind}, which is not expected`)
    if (length > most) throw new MalformedInput(`a record of kind ${kind} with ${length} bytes, of at most ${most}`)
    if (at + length > chunk.byteLength) {
      this.#body = new Uint8Array(length)
      this.#bodyBytes = 0
      return at
    }
    this.#headerBytes = 0
    // Not subarray(): of a Buffer it would be a Buffer, whose slice() does not copy.
    this.sink.record(kind, new Uint8Array(chunk.buffer, chunk.byteOffset + at, length))
    return at + length
  }

  #fill (body: Uint8Array, chunk: Uint8Array, at: number): number {
    const end = Math.min(chunk.byteLength, at + body.byteLength - this.#bodyBytes)
    body.set(chunk.subarray(at, end), this.#bodyBytes)
    this.#bodyBytes += end - at
    if (this.#bodyBytes < body.byteLength) return end
    this.#body = undefined
    this.#headerBytes = 0
    this.sink.record(this.#header[0] ?? 0, body)
    return end
  }
}
