import type { Clock, PeerChannel, Timer } from '../../../kernel/contract/index.js'
import type { Owner } from '../records/owner.js'
import type { RegistryMeter } from '../registry-meter.js'
import { headsMessage } from '../wire/registry-messages.js'
import { logPart } from './log-reading.js'
import type { Neighbours } from './neighbours.js'

/** So many entries don't wait for the next tick. */
const MANY = 2_048

/** Tells everybody who lives what is new in this node's own log: the first change at once, the next ones together. */
export class Pusher {
  #timer: Timer | undefined
  #isRunning = false
  #pushed = 0
  #pushedAt = -Infinity
  #oldest = 0

  constructor (
    private readonly owner: Owner, private readonly neighbours: Neighbours, private readonly channel: PeerChannel,
    private readonly clock: Clock, private readonly interval: number, private readonly meter: RegistryMeter,
  ) {}

  /** Begins with the whole log. */
  start (): void {
    this.#isRunning = true
    this.#pushed = 0
    this.noted()
  }

  stop (): void {
    this.#isRunning = false
    this.#timer?.cancel()
    this.#timer = undefined
  }

  /** There may be something new. */
  noted (): void {
    if (!this.#isRunning || this.#pushed === this.owner.tail.last) return
    if (this.#timer && this.owner.tail.last - this.#pushed >= MANY) return this.#push()
    const now = this.clock.elapsed()
    if (!this.#timer) this.#oldest = now
    this.#timer ??= this.clock.after(Math.max(0, this.#pushedAt + this.interval - now), () => { this.#push() })
  }

  #push (): void {
    this.#timer?.cancel()
    this.#timer = undefined
    this.#pushedAt = this.clock.elapsed()
    const { owner } = this
    const peers = this.neighbours.living()
    if (peers.length === 0 || this.#pushed < owner.tail.floor) {
      // Too much at once to be told in this way: they hear how much there is, and take it as a snapshot.
      const heads = headsMessage([owner.head], true)
      for (const peer of peers) this.channel.send(peer, heads)
      this.#pushed = owner.tail.last
      return
    }
    while (this.#pushed < owner.tail.last) {
      const { bytes, to } = logPart(owner, this.#pushed, this.#pushedAt - this.#oldest)
      this.meter.pushed(to - this.#pushed)
      for (const peer of peers) this.channel.send(peer, bytes)
      this.#pushed = to
    }
  }
}
