import { createHash } from 'node:crypto'
import { orAborted, type Clock, type Logger, type PeerChannel, type Peers, type Timer } from '../../contract/index.js'
import { decodeWords, encodeWords } from './agent-question.js'

/** How long a name stays taken when nobody says what became of the deployment, in milliseconds. */
const HELD = 120_000
/** How long it is remembered where a name went, until the registry knows, in milliseconds. */
const REMEMBERED = 10_000

/** What {@link NameKeeper} works with. */
export interface NameKeeperParts {
  readonly self: string
  readonly peers: Pick<Peers, 'channel'>
  /** Ids of the nodes that live, this one included. */
  readonly nodes: () => readonly string[]
  /** The node that hosts an agent of that name, as this one knows. */
  readonly nodeOf: (name: string) => string | undefined
  readonly clock: Clock
  readonly log: Logger
}

/** A name that is taken for a deployment. */
export interface TakenName {
  /** Where an agent of that name is already; undefined: nowhere, and nobody else makes one until {@link free}. */
  readonly host: string | undefined
  /** `host`: the node that has the agent now, if one has. */
  free (host: string | undefined): void
}

interface Held {
  readonly ticket: string
  readonly timer: Timer
  readonly freed: Promise<void>
  readonly release: () => void
}

/**
 * Lets one deployment at a time make an agent of a name, in the whole cluster: for each name one living node keeps the order. Where two
 * nodes see different others alive, both may let one through; then the claims decide.
 */
export class NameKeeper {
  readonly #channel: PeerChannel
  readonly #held = new Map<string, Held>()
  readonly #went = new Map<string, { readonly host: string, readonly until: number }>()
  #ticket = 0

  /** Takes its channel, which must happen before this node is made known to others. */
  constructor (private readonly parts: NameKeeperParts) {
    this.#channel = parts.peers.channel('agent-names', {
      asked: async (_nodeId, bytes, signal) => await this.#hold(decodeWords(bytes, 1)[0] ?? '', signal),
      heard: (nodeId, bytes) => {
        try {
          this.#free(bytes)
        } catch (error) {
          parts.log.warn('a node said something about a name that makes no sense', { node: nodeId, cause: String(error) })
        }
      },
    })
  }

  /** Waits until nobody else deploys that name. Where the node that keeps it can't be reached, it is taken nevertheless. */
  async take (name: string, signal: AbortSignal): Promise<TakenName> {
    const keeper = keeperOf(name, this.parts.nodes())
    try {
      const [host = '', ticket = ''] = decodeWords(await this.#channel.ask(keeper, encodeWords(name), signal), 2)
      return {
        host: host === '' ? undefined : host,
        free: at => {
          if (ticket !== '') this.#tell(keeper, encodeWords(name, ticket, at ?? ''))
        },
      }
    } catch (error) {
      signal.throwIfAborted()
      this.parts.log.warn('nobody sees to it that a name is taken once', { agent: name, keeper, cause: String(error) })
      return { host: this.parts.nodeOf(name), free: () => {} }
    }
  }

  /** The registry says where agents are. */
  known (names: Iterable<string>): void {
    if (this.#went.size > 0) for (const name of names) this.#went.delete(name)
  }

  close (): void {
    for (const { timer, release } of this.#held.values()) {
      timer.cancel()
      release()
    }
    this.#held.clear()
  }

  #tell (keeper: string, bytes: Uint8Array): void {
    // If it does not arrive, the keeper waits for as long as it holds a name.
    if (keeper === this.parts.self) this.#free(bytes)
    else this.#channel.send(keeper, bytes)
  }

  async #hold (name: string, signal: AbortSignal): Promise<Uint8Array> {
    for (let held = this.#held.get(name); held !== undefined; held = this.#held.get(name)) await orAborted(held.freed, signal)
    const host = this.#hostOf(name)
    if (host !== undefined) return encodeWords(host, '')
    const ticket = String(this.#ticket += 1)
    let release = (): void => {}
    const freed = new Promise<void>(resolve => { release = resolve })
    this.#held.set(name, { ticket, freed, release, timer: this.parts.clock.after(HELD, () => this.#end(name, ticket)) })
    return encodeWords('', ticket)
  }

  #free (bytes: Uint8Array): void {
    const [name = '', ticket = '', host = ''] = decodeWords(bytes, 3)
    if (host !== '' && this.parts.nodeOf(name) === undefined) this.#remember(name, host)
    this.#end(name, ticket)
  }

  #end (name: string, ticket: string): void {
    const held = this.#held.get(name)
    if (held?.ticket !== ticket) return
    held.timer.cancel()
    this.#held.delete(name)
    held.release()
  }

  #remember (name: string, host: string): void {
    const now = this.parts.clock.elapsed()
    for (const [other, { until }] of this.#went) if (until <= now) this.#went.delete(other)
    this.#went.set(name, { host, until: now + REMEMBERED })
  }

  #hostOf (name: string): string | undefined {
    const went = this.#went.get(name)
    return this.parts.nodeOf(name) ?? (went !== undefined && went.until > this.parts.clock.elapsed() ? went.host : undefined)
  }
}

/** Nodes that see the same others agree on it (rendezvous hashing). */
export function keeperOf (name: string, nodes: readonly string[]): string {
  const weight = (node: string): string => createHash('sha256').update(`${node}\n${name}`).digest('hex')
  return nodes.reduce((best, node) => weight(node) > weight(best) ? node : best)
}
