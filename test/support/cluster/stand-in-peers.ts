import type { PeerChannel, PeerHandlers, PeerLink, Peers } from '../../../kernel/contract/index.js'

/** Links that answer as a test says, after however long it says. */
export class StandInPeers implements Peers {
  handlers: PeerHandlers = {}

  constructor (
    private readonly opened: readonly PeerLink[],
    private readonly answer: (nodeId: string, bytes: Uint8Array, signal: AbortSignal) => Promise<Uint8Array>,
    private readonly taken: ReturnType<Peers['roads']> = [],
  ) {}

  channel (_name: string, handlers: PeerHandlers): PeerChannel {
    this.handlers = handlers
    return { send: () => false, ask: (nodeId, bytes, signal) => this.answer(nodeId, bytes, signal) }
  }

  links (): readonly PeerLink[] {
    return this.opened
  }

  roads (): ReturnType<Peers['roads']> {
    return this.taken
  }

  onLink (): void {}
}
