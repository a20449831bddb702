import {
  PeerUnreachable, type Clock, type PeerChannel, type PeerHandlers, type Peers, type Random,
} from '../../../kernel/contract/index.js'

const LEAST_DELAY = 1
const MOST_DELAY = 5

/**
 * Links between nodes of one process, in virtual time: everything takes 1 to 5 ms, in order between two nodes; what
 * `reaches` denies is lost, in half of the cases without anybody being told.
 */
export class SimulatedLinks {
  /** Whether what one node sends gets to the other. */
  reaches: (from: string, to: string) => boolean = () => true
  bytes = 0
  readonly #nodes = new Map<string, Map<string, PeerHandlers>>()
  readonly #due = new Map<number, Array<() => void>>()
  readonly #latest = new Map<string, number>()

  constructor (private readonly clock: Clock, private readonly random: Random) {}

  /** The links of a node, from now on connected. */
  join (nodeId: string): Pick<Peers, 'channel'> {
    const channels = new Map<string, PeerHandlers>()
    this.#nodes.set(nodeId, channels)
    return {
      channel: (name, handlers): PeerChannel => {
        channels.set(name, handlers)
        const isHere = (): boolean => this.#nodes.get(nodeId) === channels
        return {
          send: (to, bytes) => isHere() && this.#send(nodeId, to, name, bytes),
          ask: (to, bytes, signal) => this.#ask(nodeId, to, name, bytes, signal),
        }
      },
    }
  }

  /** The node is gone, with everything that is on its way to it. */
  part (nodeId: string): void {
    this.#nodes.delete(nodeId)
  }

  /** Puts words into a node's mouth. */
  forge (from: string, to: string, name: string, bytes: Uint8Array): void {
    this.#nodes.get(to)?.get(name)?.heard?.(from, bytes)
  }

  #send (from: string, to: string, name: string, bytes: Uint8Array): boolean {
    if (!this.#nodes.has(to) || !this.reaches(from, to)) return this.random.fraction() < 0.5
    this.bytes += bytes.byteLength
    const copy = bytes.slice()
    this.#carry(from, to, () => { this.#nodes.get(to)?.get(name)?.heard?.(from, copy) })
    return true
  }

  #ask (from: string, to: string, name: string, bytes: Uint8Array, signal: AbortSignal): Promise<Uint8Array> {
    const copy = bytes.slice()
    return new Promise((resolve, reject) => {
      const refuse = (): void => { reject(signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason))) }
      signal.addEventListener('abort', refuse, { once: true })
      const isOpen = this.#nodes.has(to) && this.reaches(from, to) && this.reaches(to, from)
      if (!isOpen) {
        const cut = PeerUnreachable({ nodeId: to, reason: 'it is cut off' })
        if (this.random.fraction() < 0.5) this.#carry(from, to, () => { reject(cut) })
        return
      }
      this.bytes += copy.byteLength
      this.#carry(from, to, () => {
        this.#nodes.get(to)?.get(name)?.asked?.(from, copy, signal).then(answer => {
          this.bytes += answer.byteLength
          if (this.reaches(to, from)) this.#carry(to, from, () => { resolve(answer.slice()) })
        }, reject)
      })
    })
  }

  /** One timer for everything that arrives in the same millisecond. */
  #carry (from: string, to: string, action: () => void): void {
    const path = `${from} ${to}`
    const delay = LEAST_DELAY + Math.floor(this.random.fraction() * (MOST_DELAY - LEAST_DELAY))
    const due = Math.max(Math.ceil(this.clock.elapsed()) + delay, this.#latest.get(path) ?? 0)
    this.#latest.set(path, due)
    const actions = this.#due.get(due)
    if (actions) {
      actions.push(action)
      return
    }
    const arriving = [action]
    this.#due.set(due, arriving)
    this.clock.after(due - this.clock.elapsed(), () => {
      this.#due.delete(due)
      for (const each of arriving) each()
    })
  }
}
