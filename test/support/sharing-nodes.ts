import { expect } from 'chai'
import type { PeerHandlers, PeerLink, SharedState } from '../../kernel/contract/index.js'
import { StateSharing } from '../../kernel/lifecycle/cluster/state-sharing.js'
import { RecordingLogger } from './recording-logger.js'
import { settled, VirtualClock } from './virtual-clock.js'

/** Nodes that keep one state alike, with links between all of them. */
export class SharingNodes<T extends SharedState> {
  readonly clock = new VirtualClock()
  readonly states = new Map<string, T>()
  readonly handlers = new Map<string, PeerHandlers>()
  readonly openings = new Map<string, (nodeId: string, isOpen: boolean) => void>()
  readonly sharings = new Map<string, StateSharing>()
  isEncrypted = true
  isCut = false

  constructor (private readonly instance: string) {}

  add (nodeId: string, state: T): T {
    this.states.set(nodeId, state)
    const sharing = new StateSharing({
      state: { instance: this.instance, service: state }, clock: this.clock, log: new RecordingLogger(),
      peers: {
        links: () => this.linksOf(nodeId),
        onLink: changed => { this.openings.set(nodeId, changed) },
        channel: (name, handlers) => {
          expect(name).to.equal(`state-${this.instance}`)
          this.handlers.set(nodeId, handlers)
          return {
            send: (to, bytes) => {
              if (!this.isCut) this.handlers.get(to)?.heard?.(nodeId, bytes)
              return !this.isCut
            },
            ask: async (to, bytes, signal) => {
              if (this.isCut) throw new Error('unreachable')
              return await this.handlers.get(to)?.asked?.(nodeId, bytes, signal) ?? new Uint8Array(0)
            },
          }
        },
      },
    })
    this.sharings.set(nodeId, sharing)
    return state
  }

  async start (): Promise<void> {
    for (const sharing of this.sharings.values()) sharing.start()
    await settled()
  }

  stop (): void {
    for (const sharing of this.sharings.values()) sharing.stop()
  }

  private linksOf (nodeId: string): PeerLink[] {
    const { isEncrypted } = this
    return [...this.states.keys()].filter(each => each !== nodeId).map(each =>
      ({ nodeId: each, transport: 'tcp', driver: 'tcp', since: 0, waiting: 0, state: 'open', isEncrypted }))
  }
}
