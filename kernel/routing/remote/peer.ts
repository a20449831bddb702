import type { Clock, Link, LinkEvents, Logger, Member, Random, Timer, Transport } from '../../contract/index.js'
import { CircuitBreaker, type BreakerRules } from './circuit-breaker.js'
import { OutgoingQueue, type Outgoing } from './outgoing-queue.js'

/** How this node speaks with others. */
export interface PeerRules extends BreakerRules {
  /** Most bytes that wait for one node. */
  readonly queue: number
  /** Time that opening a link may take, in milliseconds. */
  readonly dialTimeout: number
}

/** What a {@link Peer} works with. */
export interface PeerParts {
  readonly self: string
  readonly rules: PeerRules
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
  /** How a node is dialled; undefined when no transport is common, or it is not alive. */
  readonly road: (nodeId: string) => { readonly transport: Transport, readonly member: Member, readonly port: number } | undefined
  /** Takes what happens on a link that this node dials. */
  readonly events: (transport: Transport) => LinkEvents
  /** The first link opened, or the last has gone. */
  readonly changed: (nodeId: string, isOpen: boolean) => void
}

/** A link with the transport that carries it. */
export interface CarriedLink {
  readonly link: Link
  readonly transport: Transport
  /** Whether this node dialled. */
  readonly isOwn: boolean
  readonly since: number
}

/**
 * The way to one other node: at most one link, opened when there is something to send, and a bounded queue before it. When both
 * nodes dialled at once, the link of the node with the lesser id stays.
 */
export class Peer {
  readonly #queue: OutgoingQueue
  readonly #breaker: CircuitBreaker
  #carried: CarriedLink | undefined
  /** A link that ends; nothing goes over the new one before it has, so that frames stay in order. */
  readonly #ending = new Set<Link>()
  #dialling: AbortController | undefined
  #retry: Timer | undefined
  #isFlushing = false
  #ended = false
  /** Why no link could be opened the last time. */
  problem = ''

  constructor (readonly nodeId: string, private readonly parts: PeerParts) {
    this.#queue = new OutgoingQueue(parts.rules.queue)
    this.#breaker = new CircuitBreaker(parts.rules)
  }

  get carried (): CarriedLink | undefined {
    return this.#carried
  }

  get waiting (): number {
    return this.#queue.bytes
  }

  get isBroken (): boolean {
    return this.#carried === undefined && this.#breaker.isBroken(this.parts.clock.elapsed())
  }

  /** Whether there is nothing to send and no link. */
  get isIdle (): boolean {
    return this.#carried === undefined && this.#queue.isEmpty && this.#dialling === undefined
  }

  /**
   * Takes a frame, in order; false when it can't be sent now or soon: nobody could be reached, or too much waits. `lost` is called with
   * one that was taken and yet will not be sent. The caller may reuse the bytes when this returns.
   */
  send (bytes: Uint8Array, lost: (bytes: Uint8Array) => void): boolean {
    if (this.#ended || this.isBroken) return false
    const link = this.#carried?.link
    if (link !== undefined && this.#queue.isEmpty && this.#ending.size === 0 && link.send(bytes)) return true
    if (this.#carried === undefined && this.parts.road(this.nodeId) === undefined) return false
    const outgoing: Outgoing = { bytes: bytes.slice(), lost }
    if (!this.#queue.add(outgoing)) return false
    this.#proceed()
    return true
  }

  /** Tries at once, because the other node was just heard of. */
  wake (): void {
    this.#breaker.worked()
    this.#retry?.cancel()
    this.#retry = undefined
    this.#proceed()
  }

  /** A link opened, from either side. */
  opened (link: Link, transport: Transport, isOwn: boolean): void {
    const before = this.#carried
    this.#breaker.worked()
    // Both dialled: both nodes keep the same one. Of two that one node dialled, the later.
    const prefersNew = before === undefined || before.isOwn === isOwn || isOwn === (this.parts.self < this.nodeId)
    if (!prefersNew) {
      this.#end(link)
      return
    }
    this.#carried = { link, transport, isOwn, since: this.parts.clock.now() }
    if (before === undefined) this.parts.changed(this.nodeId, true)
    else this.#end(before.link)
    this.#proceed()
  }

  closed (link: Link): void {
    this.#ending.delete(link)
    if (this.#carried?.link !== link) {
      this.#proceed()
      return
    }
    this.#carried = undefined
    this.parts.changed(this.nodeId, false)
    this.#proceed()
  }

  /** Gives up what waits and ends the link. */
  async end (): Promise<void> {
    this.#ended = true
    this.#retry?.cancel()
    this.#dialling?.abort(new Error('the server stops'))
    this.#queue.lose()
    const { clock, rules } = this.parts
    // Nobody waits for a link whose other side is gone.
    let timer: Timer | undefined
    const late = new Promise<void>(resolve => { timer = clock.after(rules.dialTimeout, resolve) })
    await Promise.race([this.#carried?.link.close(), late])
    timer?.cancel()
  }

  /** Ends a link in good order; a transport that can't say when is not waited for. */
  #end (link: Link): void {
    this.#ending.add(link)
    link.close().catch(() => {}).finally(() => {
      this.#ending.delete(link)
      this.#proceed()
    })
  }

  #proceed (): void {
    if (this.#queue.isEmpty || this.#ended) return
    if (this.#carried === undefined) this.#dial()
    else if (this.#ending.size === 0) void this.#flush(this.#carried.link)
  }

  async #flush (link: Link): Promise<void> {
    if (this.#isFlushing) return
    this.#isFlushing = true
    try {
      for (let next = this.#queue.peek(); next !== undefined; next = this.#queue.peek()) {
        if (this.#carried?.link !== link || this.#ending.size > 0) break
        if (link.send(next.bytes)) this.#queue.shift()
        else await link.drained(AbortSignal.timeout(this.parts.rules.dialTimeout * 10))
      }
    } catch (error) {
      // Either it is closed, which is told separately, or the other side takes nothing any more.
      if (this.#carried?.link === link) this.#end(link)
      this.parts.log.debug('a link takes nothing', { node: this.nodeId, cause: String(error) })
    } finally {
      this.#isFlushing = false
    }
    if (!this.#queue.isEmpty && this.#carried !== undefined && this.#carried.link !== link) this.#proceed()
  }

  #dial (): void {
    if (this.#dialling !== undefined || this.#retry !== undefined) return
    const road = this.parts.road(this.nodeId)
    if (road === undefined) {
      this.#queue.lose()
      return
    }
    const { transport, member, port } = road
    const dialling = this.#dialling = new AbortController()
    const timer = this.parts.clock.after(this.parts.rules.dialTimeout, () => dialling.abort(new Error('it took too long')))
    const { events } = this.parts
    transport.dial({ nodeId: this.nodeId, host: member.host, port }, events(transport), dialling.signal).then(() => {
      this.#dialling = undefined
      this.problem = ''
      // The link may have closed already.
      this.#proceed()
    }, (error: unknown) => {
      this.#dialling = undefined
      this.#dialFailed(error)
    }).finally(() => timer.cancel())
  }

  #dialFailed (error: unknown): void {
    const { clock, random, log } = this.parts
    if (this.#ended || this.#carried !== undefined) return
    const wasBroken = this.isBroken
    this.#breaker.failed(clock.elapsed(), random.fraction())
    const problem = error instanceof Error ? error.message : String(error)
    if (problem !== this.problem || this.isBroken !== wasBroken) {
      log.warn('a node cannot be spoken to', { node: this.nodeId, cause: problem })
    }
    this.problem = problem
    if (this.isBroken) {
      this.#queue.lose()
      return
    }
    if (this.#queue.isEmpty) return
    this.#retry = clock.after(this.#breaker.wait(clock.elapsed()), () => {
      this.#retry = undefined
      this.#proceed()
    })
  }
}
