import { pause, within, type Clock, type Logger, type Named, type PeerChannel, type Peers, type SharedState } from '../../contract/index.js'

/** How often each node is asked in any case, and how long an answer may take, in milliseconds. */
const INTERVAL = 60_000
const PATIENCE = 30_000
const CHANGED = new Uint8Array(0)
const SAME = new Uint8Array(0)

/** What {@link StateSharing} works with. */
export interface StateSharingParts {
  readonly state: Named<SharedState>
  readonly peers: Pick<Peers, 'channel' | 'links' | 'onLink'>
  readonly clock: Clock
  readonly log: Logger
}

/**
 * Keeps one state alike on all nodes: whoever changed it says so to the others, who ask for it. A question carries the digest of what the
 * asker has, and is answered by nothing if that is the same.
 */
export class StateSharing {
  readonly #over = new AbortController()
  /** Nodes that are being asked; true when they are to be asked once more. */
  readonly #asking = new Map<string, boolean>()
  #channel: PeerChannel | undefined

  constructor (private readonly parts: StateSharingParts) {}

  /** Asks every node to which there is a link, and tells them to ask. */
  start (): void {
    const { state: { instance, service }, peers } = this.parts
    this.#channel = peers.channel(`state-${instance}`, {
      heard: nodeId => this.#ask(nodeId),
      asked: async (nodeId, digest) => {
        this.#refuseOpen(nodeId)
        return Buffer.compare(digest, service.digest()) === 0 ? SAME : service.contents()
      },
    })
    peers.onLink((nodeId, isOpen) => { if (isOpen) this.#ask(nodeId) }, this.#over.signal)
    service.onChange(() => this.#tellAll(), this.#over.signal)
    this.#tellAll()
    void this.#askForEver()
  }

  stop (): void {
    this.#over.abort()
  }

  #linked (): string[] {
    return this.parts.peers.links().filter(({ state, isEncrypted }) => state === 'open' && isEncrypted).map(({ nodeId }) => nodeId)
  }

  #tellAll (): void {
    for (const nodeId of this.#linked()) this.#channel?.send(nodeId, CHANGED)
  }

  async #askForEver (): Promise<void> {
    const { signal } = this.#over
    while (!signal.aborted) {
      for (const nodeId of this.#linked()) this.#ask(nodeId)
      await pause(this.parts.clock, INTERVAL, signal).catch(() => {})
    }
  }

  #ask (nodeId: string): void {
    if (this.#over.signal.aborted) return
    const isAsking = this.#asking.has(nodeId)
    this.#asking.set(nodeId, isAsking)
    if (!isAsking) void this.#askAndMerge(nodeId)
  }

  async #askAndMerge (nodeId: string): Promise<void> {
    const { state: { instance, service }, clock, log } = this.parts
    try {
      this.#refuseOpen(nodeId)
      const contents = await within(clock, PATIENCE, this.#over.signal, async signal =>
        await this.#channel?.ask(nodeId, service.digest(), signal) ?? SAME)
      if (contents.length > 0) await service.merge(contents)
    } catch (error) {
      // The other node may not be ready, or have no such plugin; it is asked again.
      log.debug('a node could not be asked for what all nodes share', { node: nodeId, state: instance, cause: String(error) })
    }
    const isWantedAgain = this.#asking.get(nodeId) === true
    this.#asking.delete(nodeId)
    if (isWantedAgain) this.#ask(nodeId)
  }

  /** What is shared is secret, or lets people in. */
  #refuseOpen (nodeId: string): void {
    const link = this.parts.peers.links().find(each => each.nodeId === nodeId)
    if (link?.isEncrypted !== true) throw new Error(`the link to ${nodeId} is not encrypted`)
  }
}
