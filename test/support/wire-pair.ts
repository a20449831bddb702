import type { Clock, Wire, WireReceiver } from '../../kernel/contract/index.js'

/** One end of a wire inside this process. What is written arrives a turn of the clock later, cut as `cut` says. */
export class PairedWire implements Wire {
  readonly remote = 'pair:1'
  /** Everything that was written here. */
  readonly writes: Uint8Array[] = []
  /** While true, nothing that was written is done. */
  isStuck = false
  isOver = false
  #receiver: WireReceiver | undefined
  #peer: PairedWire | undefined
  #early: Uint8Array[] = []

  constructor (private readonly clock: Clock, private readonly cut: (length: number) => number = length => length) {}

  static pair (clock: Clock, cut?: (length: number) => number): [PairedWire, PairedWire] {
    const [a, b] = [new PairedWire(clock, cut), new PairedWire(clock, cut)]
    a.#peer = b
    b.#peer = a
    return [a, b]
  }

  open (receiver: WireReceiver): void {
    this.#receiver = receiver
    for (const chunk of this.#early.splice(0)) receiver.bytes(chunk)
  }

  write (parts: readonly Uint8Array[], written: () => void): void {
    if (this.isStuck || this.isOver) return
    const bytes = Uint8Array.from(Buffer.concat(parts))
    this.writes.push(bytes)
    this.clock.after(0, () => {
      this.#peer?.take(bytes)
      if (!this.isOver) written()
    })
  }

  end (): void {
    this.clock.after(0, () => { this.destroy() })
  }

  destroy (reason = 'the connection was closed'): void {
    if (this.isOver) return
    this.isOver = true
    this.#receiver?.ended(reason)
    this.#peer?.destroy(reason)
  }

  /** Brings bytes to this end, as the other would. */
  take (bytes: Uint8Array): void {
    let at = 0
    while (at < bytes.byteLength && !this.isOver) {
      const chunk = bytes.slice(at, at + Math.max(1, this.cut(bytes.byteLength - at)))
      at += chunk.byteLength
      if (this.#receiver) this.#receiver.bytes(chunk)
      else this.#early.push(chunk)
    }
  }
}
