/** A frame that waits to be sent. `lost` is called with it when it never will be. */
export interface Outgoing {
  readonly bytes: Uint8Array
  readonly lost: (bytes: Uint8Array) => void
}

/** Frames for one node that wait until there is a link, or room in it. */
export class OutgoingQueue {
  #frames: Outgoing[] = []
  #from = 0
  #bytes = 0

  /** @param most Bytes; one frame always fits. */
  constructor (private readonly most: number) {}

  get bytes (): number {
    return this.#bytes
  }

  get isEmpty (): boolean {
    return this.#from === this.#frames.length
  }

  /** False when there is no room. */
  add (frame: Outgoing): boolean {
    if (!this.isEmpty && this.#bytes + frame.bytes.length > this.most) return false
    this.#frames.push(frame)
    this.#bytes += frame.bytes.length
    return true
  }

  peek (): Outgoing | undefined {
    return this.#frames[this.#from]
  }

  shift (): void {
    const frame = this.#frames[this.#from]
    if (frame === undefined) return
    this.#bytes -= frame.bytes.length
    this.#from += 1
    if (this.#from < 1024 && !this.isEmpty) return
    this.#frames = this.#frames.slice(this.#from)
    this.#from = 0
  }

  /** Gives up everything. */
  lose (): void {
    const frames = this.#frames.slice(this.#from)
    this.#frames = []
    this.#from = 0
    this.#bytes = 0
    for (const { bytes, lost } of frames) lost(bytes)
  }
}
