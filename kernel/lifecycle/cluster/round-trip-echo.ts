import type { Clock, PeerChannel, Peers } from '../../contract/index.js'

const CHANNEL = 'echo'
/** Questions to each node, one after another. */
const ROUNDS = 20
/** Nodes that are asked at most. */
const NODES = 16
/** Longest that the questions may take, in milliseconds. */
const PATIENCE = 5_000
/** As many bytes as a small message has. */
const QUESTION = new Uint8Array(128)

/** Measures how long a question to another node and its answer take, over the links that carry messages. */
export class RoundTripEcho {
  readonly #channel: PeerChannel

  /** Takes its channel, which must happen before this node is made known to others. */
  constructor (peers: Pick<Peers, 'channel'>, private readonly clock: Clock) {
    this.#channel = peers.channel(CHANNEL, { asked: async (_nodeId, bytes) => bytes })
  }

  /** Round trips in milliseconds, in no particular order; of nodes that do not answer, those before. */
  async measure (nodes: readonly string[], signal: AbortSignal): Promise<readonly number[]> {
    const late = new AbortController()
    const timer = this.clock.after(PATIENCE, () => late.abort())
    const until = AbortSignal.any([signal, late.signal])
    try {
      return (await Promise.all(nodes.slice(0, NODES).map(nodeId => this.#ask(nodeId, until)))).flat()
    } finally {
      timer.cancel()
      signal.throwIfAborted()
    }
  }

  async #ask (nodeId: string, signal: AbortSignal): Promise<readonly number[]> {
    const spent: number[] = []
    try {
      for (let round = 0; round <= ROUNDS; round++) {
        const began = this.clock.elapsed()
        await this.#channel.ask(nodeId, QUESTION, signal)
        // The first may have had to open the link.
        if (round > 0) spent.push(this.clock.elapsed() - began)
      }
    } catch {
      // A node that does not answer is told of elsewhere.
    }
    return spent
  }
}
