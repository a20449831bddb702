import type { Address, NetworkEvents, Stream, StreamEvents } from './network/network.js'

/** Stands between a network whose port is open and a node that is not ready: until then nobody gets in. */
export class Gate implements NetworkEvents {
  #inside: NetworkEvents | undefined

  open (inside: NetworkEvents): void {
    this.#inside = inside
  }

  packet (from: Address, bytes: Uint8Array): void {
    this.#inside?.packet(from, bytes)
  }

  stream (stream: Stream): StreamEvents {
    if (this.#inside !== undefined) return this.#inside.stream(stream)
    stream.destroy()
    return { bytes: () => {}, closed: () => {} }
  }

  unreachable (to: Address): void {
    this.#inside?.unreachable(to)
  }
}
