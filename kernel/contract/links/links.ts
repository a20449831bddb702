import type { Clock } from '../clock.js'
import type { Logger, Metrics } from '../observe.js'
import type { Revocations } from '../revocation/revocations.js'
import { TransportUnreachable } from '../seams/transport-errors.js'
import type { SecurityEvents } from '../seams/security.js'
import type { Link, LinkEvents, PeerAddress } from '../seams/transport.js'
import { FramedLink, type LinkKeeper, type LinkTerms } from './framed-link.js'
import { FAREWELL, goodbyeOf, Greeting, type Proof, type Refusal } from './greeting.js'
import { LINK_PROTOCOL, versionRangeOf, type Hello } from './hello.js'
import type { LinkConfig } from './link-config.js'
import { LinkJournal } from './link-journal.js'
import { LinkWriter } from './link-writer.js'
import type { RecordReader } from './record-reader.js'
import type { Wire } from './wire.js'

/** Who this node is on its links. */
export interface LinkSelf {
  readonly transport: string
  readonly nodeId: string
  /** Of this Caxton. */
  readonly version: string
}

/** Milliseconds that an orderly end may take. */
const closeTimeout = 5000

/** Why a node is not believed, or not any more. */
export const REVOKED = 'its certificate is revoked'

/** All links of one transport: those that are being opened, and those that are open. */
export class Links {
  readonly #journal: LinkJournal
  readonly #greetings = new Set<() => void>()
  readonly #links = new Map<FramedLink, Proof>()

  constructor (
    private readonly self: LinkSelf,
    private readonly config: LinkConfig,
    private readonly clock: Clock,
    log: Logger,
    metrics: Metrics,
    events: SecurityEvents,
  ) {
    this.#journal = new LinkJournal(self.transport, log, metrics, events)
  }

  /** Makes a link of a connection that another node has opened. */
  accept (wire: Wire, proof: Proof, events: LinkEvents, nonce?: string): void {
    this.#greet(wire, proof, events, nonce, { refused: reason => { this.#journal.refused(reason, wire.remote) }, opened: () => {} })
  }

  /** Makes a link of a connection that this node has opened. Rejects as {@link Transport.dial} does. */
  async dial (wire: Wire, proof: Proof, peer: PeerAddress, events: LinkEvents, signal: AbortSignal, nonce?: string): Promise<Link> {
    let abandon = (): void => {}
    return new Promise<Link>((resolve, reject) => {
      const leave = this.#greet(wire, forPeer(proof, peer), events, nonce, {
        opened: resolve,
        refused: refusal => {
          if (refusal.isMalformed) this.#journal.refused(refusal, wire.remote)
          reject(unreachable(peer, refusal.reason))
        },
      })
      abandon = () => {
        leave()
        reject(signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason)))
      }
      if (signal.aborted) abandon()
      else signal.addEventListener('abort', abandon, { once: true })
    }).finally(() => { signal.removeEventListener('abort', abandon) })
  }

  /** Ends a connection before anything is read from it, and tells the other side why. */
  turnAway (wire: Wire, reason: string): void {
    const farewell = this.clock.after(FAREWELL, () => { wire.destroy() })
    wire.open({ bytes: () => {}, ended: () => { farewell.cancel() } })
    wire.write([goodbyeOf(reason)], () => { wire.end() })
    this.failed(wire.remote, reason)
  }

  /** Notes a connection that could not carry anything. `isSilent`: nothing has come from it. */
  failed (remote: string, reason: string, isSilent = false): void {
    this.#journal.refused({ reason, nodeId: undefined, isMalformed: false, isSilent }, remote)
  }

  /** Ends the links to nodes whose certificate is revoked. */
  revoke (revocations: Revocations): void {
    for (const [link, { certificate }] of this.#links) {
      const shown = certificate?.()
      if (shown !== undefined && revocations.since(shown) !== undefined) link.lose(REVOKED)
    }
  }

  /** Ends every link in order. */
  async close (): Promise<void> {
    for (const leave of this.#greetings) leave()
    this.#greetings.clear()
    await Promise.all([...this.#links.keys()].map(link => link.close()))
  }

  /** Gives a function that abandons it. */
  #greet (
    wire: Wire, proof: Proof, events: LinkEvents, nonce: string | undefined,
    { opened, refused }: { opened (link: Link): void, refused (refusal: Refusal): void },
  ): () => void {
    const writer = new LinkWriter(wire, this.config.queue)
    const greeting = new Greeting(wire, writer, this.#hello(nonce), proof, this.clock, {
      agreed: (theirs, reader) => {
        this.#greetings.delete(leave)
        opened(this.#open({ wire, writer, reader }, theirs, events, proof))
      },
      refused: refusal => {
        this.#greetings.delete(leave)
        refused(refusal)
      },
    })
    const leave = (): void => {
      this.#greetings.delete(leave)
      greeting.abandon()
    }
    this.#greetings.add(leave)
    greeting.begin(this.config.connect_timeout)
    return leave
  }

  #open (parts: { wire: Wire, writer: LinkWriter, reader: RecordReader }, theirs: Hello, events: LinkEvents, proof: Proof): Link {
    const { config } = this
    if (config.compression && theirs.compression) parts.writer.startPacking()
    const terms: LinkTerms = {
      nodeId: theirs.nodeId,
      largestOut: Math.min(config.largest_frame, theirs.largestFrame),
      largestIn: config.largest_frame,
      timing: config,
      closeTimeout,
    }
    const keeper: LinkKeeper = {
      events,
      malformed: (link, reason) => { this.#journal.malformed(link.nodeId, parts.wire.remote, reason) },
      closed: (link, error) => {
        this.#links.delete(link)
        this.#journal.closed(link.nodeId, error)
      },
    }
    const link = new FramedLink(parts, terms, this.clock, keeper)
    this.#links.set(link, proof)
    this.#journal.opened(theirs.nodeId, parts.wire.remote)
    link.open()
    return link
  }

  #hello (nonce: string | undefined): Hello {
    return {
      nodeId: this.self.nodeId,
      protocol: LINK_PROTOCOL,
      caxton: versionRangeOf(this.self.version),
      largestFrame: this.config.largest_frame,
      compression: this.config.compression,
      nonce,
    }
  }
}

/** Only the node that was dialled will do. */
const forPeer = (proof: Proof, { nodeId }: PeerAddress): Proof => ({
  ...proof,
  doubt: (theirs, shown) => theirs.nodeId === nodeId ? proof.doubt(theirs, shown) : `node "${theirs.nodeId}" answers there`,
})

/** The error of a dial that failed. */
export const unreachable = ({ nodeId, host, port }: PeerAddress, reason: string, cause?: unknown): Error =>
  TransportUnreachable({ nodeId, address: `${host.includes(':') ? `[${host}]` : host}:${port}`, reason }, { cause })
