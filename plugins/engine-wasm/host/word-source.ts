/**
 * The buffer that frames came from last, seen as words. Frames of a shard lie in few, long-lived slabs, so it is
 * rarely made.
 */
export class WordSource {
  #buffer: ArrayBufferLike = new ArrayBuffer(0)
  #words: Int32Array = new Int32Array(0)

  of (source: Uint8Array): Int32Array {
    if (source.buffer !== this.#buffer) {
      this.#buffer = source.buffer
      this.#words = new Int32Array(source.buffer, 0, source.buffer.byteLength >> 2)
    }
    return this.#words
  }
}
