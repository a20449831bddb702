import type { Counter, Gauge, Logger, Metrics } from '../observe.js'
import type { SecurityEvents } from '../seams/security.js'
import type { Refusal } from './greeting.js'

/** Peers whose first offence is remembered; the oldest is forgotten when there are more. */
const REMEMBERED = 1000

/** Counts what becomes of a transport's links. Each peer's first trouble is an event of security; the log tells the others at debug. */
export class LinkJournal {
  readonly #told = new Set<string>()
  readonly #links: Gauge
  readonly #opened: Counter
  readonly #lost: Counter
  readonly #refused: Counter
  readonly #malformed: Counter
  readonly #labels: { readonly transport: string }
  #open = 0

  constructor (transport: string, private readonly log: Logger, metrics: Metrics, private readonly events: SecurityEvents) {
    this.#labels = { transport }
    this.#links = metrics.gauge('caxton_transport_links', 'Links to other nodes that are open.', ['transport'])
    this.#opened = metrics.counter(
      'caxton_transport_links_opened_total', 'Links to other nodes that were opened.', ['transport'])
    this.#lost = metrics.counter(
      'caxton_transport_links_lost_total', 'Links to other nodes that ended without being closed.', ['transport'])
    this.#refused = metrics.counter(
      'caxton_transport_connections_refused_total',
      'Connections to this node that did not become links, and those it was refused.', ['transport'])
    this.#malformed = metrics.counter(
      'caxton_transport_malformed_total', 'Connections that were ended because of what came in on them.', ['transport'])
  }

  opened (nodeId: string, remote: string): void {
    this.#links.set(++this.#open, this.#labels)
    this.#opened.add(1, this.#labels)
    this.log.debug('a link has opened', { nodeId, remote })
  }

  closed (nodeId: string, error: Error | undefined): void {
    this.#links.set(--this.#open, this.#labels)
    if (error) this.#lost.add(1, this.#labels)
    this.log.debug('a link has ended', { nodeId, ...error && { reason: error.message } })
  }

  /** A connection that did not become a link. */
  refused ({ reason, nodeId, isMalformed, isSilent }: Refusal, remote: string): void {
    if (isSilent) return this.log.debug('a connection ended before it said anything', { remote, reason })
    this.#refused.add(1, this.#labels)
    if (isMalformed) this.#malformed.add(1, this.#labels)
    const claim = nodeId === undefined ? '' : `, which says that it is "${nodeId}"`
    this.#tell('link-refused', hostOf(remote), `a connection with ${remote}${claim} did not become a link: ${reason}`)
  }

  malformed (nodeId: string, remote: string, reason: string): void {
    this.#malformed.add(1, this.#labels)
    this.#tell('link-malformed', nodeId, `the link to node "${nodeId}" at ${remote} was ended: it sent ${reason}`)
  }

  #tell (what: string, peer: string, sentence: string): void {
    if (this.#told.has(peer)) return this.log.debug(sentence)
    this.#told.add(peer)
    const [oldest] = this.#told
    if (this.#told.size > REMEMBERED && oldest !== undefined) this.#told.delete(oldest)
    const because = `${sentence}. Its next ones are counted, and told at level debug only`
    this.events.note({ what, resource: peer, result: 'refused', because })
  }
}

/** Every connection has a port of its own. */
const hostOf = (remote: string): string => remote.slice(0, Math.max(0, remote.lastIndexOf(':')))
