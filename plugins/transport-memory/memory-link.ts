import {
  TransportFrameTooLarge, TransportLinkLost, type Clock, type Link, type LinkEvents, type Timer,
} from '../../kernel/contract/index.js'
import type { MemoryTransportConfig } from './memory-transport-config.js'

/** Most frames that a link holds, however small. */
const MOST_FRAMES = 4096

type Conditions = Pick<MemoryTransportConfig, 'latency' | 'largest_frame' | 'queue'>

/** Why a signal aborted, as an error whatever it was given. */
export function reasonOf ({ reason }: AbortSignal): Error {
  return reason instanceof Error ? reason : new Error(String(reason))
}

interface Waiter {
  readonly resume: () => void
  readonly refuse: (error: Error) => void
}

/**
 * One end of a link. What it sends waits in its own queue and is handed to the other end by a timer, never within
 * `send`.
 */
export class MemoryLink implements Link {
  readonly #waiters = new Set<Waiter>()
  readonly #ended: Promise<void>
  #resolveEnded: () => void = () => {}
  #peer: MemoryLink | undefined
  #queue: Uint8Array[] = []
  #bytes = 0
  #delivery: Timer | undefined
  #state: 'open' | 'closing' | 'closed' = 'open'

  constructor (
    readonly nodeId: string,
    private readonly clock: Clock,
    private readonly conditions: Conditions,
    private readonly events: LinkEvents,
    private readonly onEnded: (link: MemoryLink) => void,
  ) {
    this.#ended = new Promise(resolve => { this.#resolveEnded = resolve })
  }

  /** Ties two ends together and tells both sides. */
  static join (dialing: MemoryLink, accepting: MemoryLink): void {
    dialing.#peer = accepting
    accepting.#peer = dialing
    accepting.events.opened(accepting)
    dialing.events.opened(dialing)
  }

  send (frame: Uint8Array): boolean {
    const { largest_frame: most, queue } = this.conditions
    if (frame.byteLength > most) throw TransportFrameTooLarge({ bytes: frame.byteLength, most })
    if (this.#state !== 'open') return false
    const isFull = this.#queue.length >= MOST_FRAMES || this.#bytes + frame.byteLength > queue
    if (isFull && this.#queue.length > 0) return false
    this.#queue.push(frame.slice())
    this.#bytes += frame.byteLength
    this.#deliverLater()
    return true
  }

  async drained (signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    if (this.#state !== 'open') throw this.#lost()
    if (this.#queue.length === 0) return
    let abort = (): void => {}
    await new Promise<void>((resume, refuse) => {
      const waiter = { resume, refuse }
      this.#waiters.add(waiter)
      abort = () => {
        this.#waiters.delete(waiter)
        refuse(reasonOf(signal))
      }
      signal.addEventListener('abort', abort, { once: true })
    }).finally(() => { signal.removeEventListener('abort', abort) })
  }

  async close (): Promise<void> {
    if (this.#state === 'open') {
      this.#state = 'closing'
      this.#refuseWaiters()
      this.#deliverLater()
    }
    await this.#ended
  }

  /** Ends both sides at once, as when the other node dies; what is under way is lost. */
  lose (reason: string): void {
    const peer = this.#peer
    this.#end(TransportLinkLost({ nodeId: this.nodeId, reason }))
    if (peer) peer.#end(TransportLinkLost({ nodeId: peer.nodeId, reason }))
  }

  #deliverLater (): void {
    this.#delivery ??= this.clock.after(this.conditions.latency, () => { this.#deliver() })
  }

  #deliver (): void {
    this.#delivery = undefined
    const frames = this.#queue
    this.#queue = []
    this.#bytes = 0
    const peer = this.#peer
    for (const frame of frames) {
      if (peer && peer.#state !== 'closed') peer.events.frame(peer, frame)
    }
    for (const { resume } of this.#waiters) resume()
    this.#waiters.clear()
    if (this.#state !== 'closing') return
    this.#end(undefined)
    if (peer) peer.#end(undefined)
  }

  #end (error: Error | undefined): void {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    this.#delivery?.cancel()
    this.#delivery = undefined
    this.#queue = []
    this.#refuseWaiters()
    this.onEnded(this)
    this.#resolveEnded()
    this.events.closed(this, error)
  }

  #refuseWaiters (): void {
    for (const { refuse } of this.#waiters) refuse(this.#lost())
    this.#waiters.clear()
  }

  #lost (): Error {
    return TransportLinkLost({ nodeId: this.nodeId, reason: 'it is closed' })
  }
}
