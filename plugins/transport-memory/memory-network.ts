import type { MemoryLink } from './memory-link.js'

/** A node that accepts links. */
export interface MemoryListener {
  readonly nodeId: string
  /** Makes this node's end of a link that the named node opens. */
  accept (from: string): MemoryLink
}

/**
 * Where the transports of one process find each other. Ports are numbers that this network hands out; hosts do not
 * matter.
 */
export class MemoryNetwork {
  readonly #listeners = new Map<number, MemoryListener>()
  #nextPort = 1

  /** Gives a listener a port of its own, until {@link release}. */
  claim (listener: MemoryListener): number {
    const port = this.#nextPort++
    this.#listeners.set(port, listener)
    return port
  }

  release (port: number): void {
    this.#listeners.delete(port)
  }

  find (port: number): MemoryListener | undefined {
    return this.#listeners.get(port)
  }
}
