import {
  type Clock, type LinkEvents, type Logger, type Member, type Membership, type Named, type NodeRoad, type PeerChannel,
  type PeerHandlers, type PeerLink, type Peers, PeerUnreachable, PeerBusy, type Random, type Transport,
} from '../../contract/index.js'
import { decodeSaying, encodeSaying, ENVELOPE, LONGEST_CHANNEL } from './envelope.js'
import { Peer, type PeerRules } from './peer.js'
import { PeerQuestions } from './peer-questions.js'

const CHANNEL_NAME = /^[a-z0-9-]{1,64}$/
/** Wait before a piece of a long answer is offered again, in milliseconds. */
const PAUSE = 5

/** What {@link PeerLinks} work with. */
export interface PeerLinksParts {
  readonly self: string
  /** In the order of preference. */
  readonly transports: ReadonlyArray<Named<Transport>>
  readonly membership: Pick<Membership, 'member' | 'doubt'>
  readonly rules: PeerRules
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
}

/** Takes the frames that carry messages. None of these may block. */
export interface MessageReceiver {
  /** A frame of the kind `message` or `settled`. */
  receive (nodeId: string, frame: Uint8Array): void
}

interface KnownPeer {
  readonly peer: Peer
  readonly questions: PeerQuestions
}

/** The links to all other nodes, and what is said over them: messages for agents, and the words of this node's parts to theirs. */
export class PeerLinks implements Peers {
  readonly #peers = new Map<string, KnownPeer>()
  readonly #channels = new Map<string, PeerHandlers>()
  readonly #listeners = new Set<(nodeId: string, isOpen: boolean) => void>()
  readonly #roads: Array<NodeRoad & Pick<PeerLink, 'isEncrypted'>> = []
  #receiver: MessageReceiver | undefined
  #isClosed = false
  /** Frames that made no sense. */
  malformed = 0

  constructor (private readonly parts: PeerLinksParts) {}

  /** Opens the ports; resolves to how this node is reached. Called when everything that takes frames is ready. */
  async open (receiver: MessageReceiver): Promise<readonly NodeRoad[]> {
    this.#receiver = receiver
    for (const { service: transport } of this.parts.transports) {
      const { port } = await transport.serve(this.#events(transport, false))
      this.#roads.push({ transport: transport.name, driver: transport.driver, port, isEncrypted: transport.isEncrypted })
    }
    return this.#roads.map(({ transport, driver, port }) => ({ transport, driver, port }))
  }

  roads (): ReadonlyArray<NodeRoad & Pick<PeerLink, 'isEncrypted'>> {
    return this.#roads
  }

  async close (): Promise<void> {
    this.#isClosed = true
    await Promise.allSettled([...this.#peers.values()].map(({ peer }) => peer.end()))
  }

  channel (name: string, handlers: PeerHandlers): PeerChannel {
    if (!CHANNEL_NAME.test(name) || name.length > LONGEST_CHANNEL || this.#channels.has(name)) {
      throw new RangeError(`the channel "${name}" is taken, or its name is none`)
    }
    this.#channels.set(name, handlers)
    return {
      send: (nodeId, bytes) => this.send(nodeId, encodeSaying(name, bytes), () => {}),
      ask: async (nodeId, bytes, signal) => {
        if (nodeId === this.parts.self) return await handlers.asked?.(nodeId, bytes, signal) ?? new Uint8Array(0)
        return await this.#known(nodeId).questions.ask(name, bytes, signal)
      },
    }
  }

  /**
   * Sends a frame to a node. False when it is not taken; `lost` is called with it when it was, and yet will not be sent. The caller may
   * reuse its bytes when this returns.
   */
  send (nodeId: string, frame: Uint8Array, lost: (frame: Uint8Array) => void): boolean {
    return !this.#isClosed && nodeId !== this.parts.self && this.#known(nodeId).peer.send(frame, lost)
  }

  links (): readonly PeerLink[] {
    return [...this.#peers.values()].flatMap(({ peer }): PeerLink[] => {
      if (peer.isIdle && !peer.isBroken) return []
      const { carried, nodeId, waiting } = peer
      const road = carried === undefined ? this.#road(nodeId)?.transport : carried.transport
      const state = carried !== undefined ? 'open' : peer.isBroken ? 'broken' : 'opening'
      const [transport, driver, isEncrypted] = [road?.name ?? '', road?.driver ?? '', road?.isEncrypted ?? false]
      return [{ nodeId, waiting, state, transport, driver, isEncrypted, since: carried?.since ?? 0 }]
    })
  }

  onLink (changed: (nodeId: string, isOpen: boolean) => void, signal: AbortSignal): void {
    this.#listeners.add(changed)
    signal.addEventListener('abort', () => this.#listeners.delete(changed), { once: true })
  }

  /** A node was just heard of: what waits for it goes at once. */
  wake (nodeId: string): void {
    this.#peers.get(nodeId)?.peer.wake()
  }

  #known (nodeId: string): KnownPeer {
    const existing = this.#peers.get(nodeId)
    if (existing !== undefined) return existing
    const peer = new Peer(nodeId, {
      ...this.parts, road: id => this.#road(id), events: transport => this.#events(transport, true),
      changed: (id, isOpen) => this.#changed(id, isOpen),
    })
    const questions = new PeerQuestions(nodeId, (frame, signal) => this.#sendInTime(peer, frame, signal), name => this.#channels.get(name))
    const known = { peer, questions }
    this.#peers.set(nodeId, known)
    return known
  }

  #changed (nodeId: string, isOpen: boolean): void {
    if (!isOpen) {
      this.#peers.get(nodeId)?.questions.lose()
      if (!this.#isClosed) this.parts.membership.doubt(nodeId)
    }
    for (const listener of this.#listeners) listener(nodeId, isOpen)
  }

  /** The first of this node's transports that the other has, too. */
  #road (nodeId: string): { readonly transport: Transport, readonly member: Member, readonly port: number } | undefined {
    const member = this.parts.membership.member(nodeId)
    if (member === undefined || !member.isCaxton || member.state === 'dead' || member.state === 'left') return undefined
    for (const { service: transport } of this.parts.transports) {
      const road = member.roads.find(each => each.transport === transport.name && each.driver === transport.driver)
      if (road !== undefined) return { transport, member, port: road.port }
    }
    return undefined
  }

  /** `isOwn`: of links that this node dials. */
  #events (transport: Transport, isOwn: boolean): LinkEvents {
    return {
      opened: link => this.#known(link.nodeId).peer.opened(link, transport, isOwn),
      frame: (link, frame) => this.#frame(link.nodeId, frame),
      closed: link => this.#known(link.nodeId).peer.closed(link),
    }
  }

  #frame (nodeId: string, frame: Uint8Array): void {
    switch (frame[0]) {
      case ENVELOPE.message: case ENVELOPE.settled:
        this.#receiver?.receive(nodeId, frame)
        return
      case ENVELOPE.say: {
        const saying = decodeSaying(frame)
        const handlers = saying === undefined ? undefined : this.#channels.get(saying.channel)
        if (saying === undefined) this.malformed += 1
        else handlers?.heard?.(nodeId, saying.bytes)
        return
      }
      default:
        if (!this.#known(nodeId).questions.take(frame)) this.malformed += 1
    }
  }

  /** Waits for room. Rejects when the node can't be reached. */
  async #sendInTime (peer: Peer, frame: Uint8Array, signal: AbortSignal): Promise<void> {
    const { clock, rules } = this.parts
    const until = clock.elapsed() + rules.dialTimeout * 2
    while (!this.#isClosed) {
      signal.throwIfAborted()
      if (peer.send(frame, () => this.#peers.get(peer.nodeId)?.questions.lose())) return
      if (peer.waiting === 0) break
      if (clock.elapsed() >= until) throw PeerBusy({ nodeId: peer.nodeId })
      await new Promise<void>(resolve => { clock.after(PAUSE, resolve) })
    }
    throw PeerUnreachable({ nodeId: peer.nodeId, reason: peer.problem || 'it is not a living node of the cluster' })
  }
}
