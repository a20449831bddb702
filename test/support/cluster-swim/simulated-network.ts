import type { Clock, Random } from '../../../kernel/contract/index.js'
import type { Address, Network, NetworkEvents, Stream, StreamEvents } from '../../../plugins/cluster-swim/network/network.js'
import { addressText } from '../../../plugins/cluster-swim/network/network.js'
import type { StallingClock } from './stalling-clock.js'

/** What happens between two hosts, one way. */
export interface Weather {
  /** Share of packets that get lost, 0 to 1. */
  readonly loss: number
  /** Least and most milliseconds that a packet takes. */
  readonly latency: readonly [number, number]
}

const FAIR: Weather = { loss: 0, latency: [0.2, 2] }
/** How long a lost piece of a connection takes to be sent again. */
const RESEND = 200
const RESEND_FIRST = 1000

interface Port {
  readonly events: NetworkEvents
  readonly clock: StallingClock
}

/** A network in virtual time on which packets get lost, links break and processes stand still. */
export class SimulatedNetwork {
  readonly #ports = new Map<string, Port>()
  packets = 0
  bytes = 0
  /** The weather from one host to another. */
  weather: (from: string, to: string) => Weather = () => FAIR

  constructor (private readonly clock: Clock, private readonly random: Random) {}

  /** The network as one process has it. */
  at (address: Address, clock: StallingClock): Network {
    const key = addressText(address)
    return {
      open: async events => {
        this.#ports.set(key, { events, clock })
        return address
      },
      send: (to, packet) => { if (!clock.isDead) this.#send(address, to, packet) },
      dial: (to, events, signal) => this.#dial(address, clock, to, events, signal),
      close: async () => { this.#ports.delete(key) },
    }
  }

  unplug (address: Address): void {
    this.#ports.delete(addressText(address))
  }

  #send (from: Address, to: Address, packet: Uint8Array): void {
    this.packets += 1
    this.bytes += packet.length
    const { loss, latency } = this.weather(from.host, to.host)
    if (this.random.fraction() < loss) return
    this.clock.after(this.#within(latency), () => {
      const port = this.#ports.get(addressText(to))
      if (port !== undefined) whenRunning(this.clock, port.clock, () => { port.events.packet(from, packet) })
    })
  }

  #dial (from: Address, ownClock: StallingClock, to: Address, events: StreamEvents, signal: AbortSignal): Promise<Stream> {
    return new Promise((resolve, reject) => {
      const aborted = (): void => { reject(signal.reason instanceof Error ? signal.reason : new Error('called off')) }
      signal.addEventListener('abort', aborted, { once: true })
      const wait = this.#trip(from.host, to.host, RESEND_FIRST) + this.#trip(to.host, from.host, RESEND_FIRST)
      if (!Number.isFinite(wait)) return
      this.clock.after(wait, () => {
        whenRunning(this.clock, ownClock, () => {
          signal.removeEventListener('abort', aborted)
          const port = this.#ports.get(addressText(to))
          if (port === undefined) reject(new Error('connection refused'))
          else if (!signal.aborted) resolve(this.#connect(from, to, events, ownClock, port))
        })
      })
    })
  }

  #connect (from: Address, to: Address, dialer: StreamEvents, dialerClock: StallingClock, port: Port): Stream {
    const there: Half = { events: { bytes: () => {}, closed: () => {} }, clock: port.clock, host: to.host, isClosed: false, arrives: 0 }
    const here: Half = { events: dialer, clock: dialerClock, host: from.host, isClosed: false, arrives: 0 }
    there.events = port.events.stream(this.#stream(there, here, from))
    return this.#stream(here, there, to)
  }

  #stream (own: Half, other: Half, peer: Address): Stream {
    const close = (): void => {
      this.#carry(own, other, () => {
        if (other.isClosed) return
        other.isClosed = true
        other.events.closed(undefined)
      })
    }
    return {
      peer,
      write: bytes => { this.#carry(own, other, () => { if (!other.isClosed) other.events.bytes(bytes) }) },
      end: close,
      destroy: () => {
        if (own.isClosed) return
        own.isClosed = true
        this.clock.after(0, () => { own.events.closed(undefined) })
        close()
      },
    }
  }

  /** In order, however often it takes. */
  #carry (from: Half, to: Half, act: () => void): void {
    if (from.clock.isDead) return
    const trip = this.#trip(from.host, to.host, RESEND)
    if (!Number.isFinite(trip)) return
    to.arrives = Math.max(to.arrives, this.clock.elapsed() + trip)
    this.clock.after(to.arrives - this.clock.elapsed(), () => { whenRunning(this.clock, to.clock, act) })
  }

  #trip (from: string, to: string, resend: number): number {
    const { loss, latency } = this.weather(from, to)
    if (loss >= 1) return Infinity
    let wait = this.#within(latency)
    for (let again = resend; this.random.fraction() < loss; again *= 2) wait += again
    return wait
  }

  #within ([least, most]: readonly [number, number]): number {
    return least + (most - least) * this.random.fraction()
  }
}

interface Half {
  events: StreamEvents
  readonly clock: StallingClock
  readonly host: string
  isClosed: boolean
  arrives: number
}

/** A process that stands still finds what came when it goes on. */
function whenRunning (clock: Clock, process: StallingClock, act: () => void): void {
  if (process.isDead) return
  const wait = process.stalledFor
  if (wait > 0) clock.after(wait, () => { whenRunning(clock, process, act) })
  else act()
}
