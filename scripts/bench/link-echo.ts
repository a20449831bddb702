import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Link } from '../../kernel/contract/index.js'
import { median } from './baselines.js'
import { openBareEcho } from './bare-tls-echo.js'
import { COUNT, ECHO, events, REPORT, transportOf, type Carrier } from './link-bench-node.js'
import { manyInFlight, oneInFlight, type EchoPeer } from './link-echo-client.js'
import { microseconds, perSecond, type Row } from './row.js'

const BYTES = 200
const TRIPS = 2_000
const ROUNDS = 3
const PERIOD = 1_000
const never = new AbortController().signal

interface Contender {
  readonly name: string
  /** Undefined: no link at all, only TLS. */
  readonly carrier?: Carrier
  /** Most P50 as a multiple of bare TLS. */
  readonly most?: number
}

const CONTENDERS: readonly Contender[] = [
  { name: 'bare mutual TLS' },
  { name: 'TCP without TLS', carrier: { transport: 'tcp', driver: 'auto', isSecure: false } },
  { name: 'TCP with mutual TLS', carrier: { transport: 'tcp', driver: 'auto', isSecure: true }, most: 2 },
  { name: 'QUIC (libp2p), unproven', carrier: { transport: 'quic', driver: 'libp2p', isSecure: false } },
  { name: 'QUIC (libp2p), proven', carrier: { transport: 'quic', driver: 'libp2p', isSecure: true }, most: 4 },
  { name: 'WebTransport over HTTP/2, proven', carrier: { transport: 'quic', driver: 'webtransport-h2', isSecure: true } },
]

interface Result {
  readonly p50: number[]
  readonly p99: number[]
  readonly rate: number[]
  /** Frames per second one way, and processor time of both processes for each, in seconds. */
  readonly oneWay: number[]
  readonly cost: number[]
}

/** Frames between two processes on loopback, by every transport, beside what TLS alone does. */
export async function linkEcho (): Promise<Row[]> {
  const results = new Map(CONTENDERS.map(({ name }): [string, Result] => [name, { p50: [], p99: [], rate: [], oneWay: [], cost: [] }]))
  for (let round = 0; round < ROUNDS; round++) {
    for (const { name, carrier } of CONTENDERS) {
      const result = results.get(name)
      if (result) await measure(carrier, result)
    }
  }
  const bare = median(results.get('bare mutual TLS')?.p50 ?? [])
  return CONTENDERS.flatMap(({ name, most }) => {
    const result = results.get(name)
    return result ? rowsOf(name, result, bare, most) : []
  })
}

/** P50 of a round trip over mutual TLS alone, in seconds. */
export async function bareRoundTrip (): Promise<number> {
  const result: Result = { p50: [], p99: [], rate: [], oneWay: [], cost: [] }
  for (let round = 0; round < ROUNDS; round++) await measure(undefined, result)
  return median(result.p50)
}

async function measure (carrier: Carrier | undefined, result: Result): Promise<void> {
  const [child, port] = await startPeer(carrier ? JSON.stringify(carrier) : 'bare')
  try {
    const peer = carrier ? await LinkPeer.open(carrier, port) : await openBareEcho(port, BYTES)
    await oneInFlight(peer, TRIPS)
    const { p50, p99 } = await oneInFlight(peer, TRIPS)
    result.p50.push(p50)
    result.p99.push(p99)
    result.rate.push(await manyInFlight(peer, 100, PERIOD))
    if (peer instanceof LinkPeer) {
      const { rate, cost } = await peer.oneWay(PERIOD)
      result.oneWay.push(rate)
      result.cost.push(cost)
    }
    await peer.close()
  } finally {
    const ended = once(child, 'exit')
    child.kill()
    await ended
  }
}

async function startPeer (argument: string): Promise<[ChildProcess, number]> {
  const child = fork(fileURLToPath(new URL('./link-bench-peer.js', import.meta.url)), [argument])
  const [port] = await once(child, 'message') as [number]
  return [child, port]
}

/** This side of a link whose other side echoes, counts and reports. */
class LinkPeer implements EchoPeer {
  readonly #message = new Uint8Array(BYTES)
  #heard = (): void => {}
  #report: (values: Float64Array) => void = () => {}

  private constructor (private readonly link: Link, private readonly stop: () => Promise<void>) {}

  static async open (carrier: Carrier, port: number): Promise<LinkPeer> {
    const transport = transportOf('node-a', carrier)
    await transport.start(never)
    const peers: LinkPeer[] = []
    const heard = events((_, frame) => { for (const peer of peers) peer.#take(frame) })
    const link = await transport.dial({ nodeId: 'node-b', host: '127.0.0.1', port }, heard, never)
    const peer = new LinkPeer(link, () => transport.stop())
    peers.push(peer)
    return peer
  }

  send (): void {
    this.link.send(this.#message)
  }

  onEcho (echoed: () => void): void {
    this.#heard = echoed
  }

  async close (): Promise<void> {
    await this.stop()
  }

  async oneWay (milliseconds: number): Promise<{ readonly rate: number, readonly cost: number }> {
    const before = await this.#ask()
    const usage = process.cpuUsage()
    const began = performance.now()
    const frame = new Uint8Array(BYTES).fill(COUNT, 0, 1)
    while (performance.now() - began < milliseconds) {
      while (this.link.send(frame)) { /* until it is full */ }
      await this.link.drained(never)
    }
    const after = await this.#ask()
    const { user, system } = process.cpuUsage(usage)
    const [, frames = 0, theirs = 0] = after
    return { rate: frames / (performance.now() - began) * 1e3, cost: (user + system + theirs - (before[2] ?? 0)) / frames / 1e6 }
  }

  async #ask (): Promise<Float64Array> {
    const report = new Promise<Float64Array>(resolve => { this.#report = resolve })
    while (!this.link.send(Uint8Array.of(REPORT))) await this.link.drained(never)
    return report
  }

  #take (frame: Uint8Array): void {
    if (frame[0] === ECHO && frame.byteLength === BYTES) this.#heard()
    else this.#report(new Float64Array(frame.slice().buffer))
  }
}

function rowsOf (name: string, { p50, p99, rate, oneWay, cost }: Result, bare: number, most: number | undefined): Row[] {
  const trip = median(p50)
  const row = (what: string, actual: string): Row => ({ what: `${name}: ${what}`, target: '', actual, ratio: '', pass: undefined })
  return [
    {
      what: `${name}: round trip between processes, P50, one in flight`,
      target: most === undefined ? '' : `≤ ${most} × bare TLS`,
      actual: microseconds(trip),
      ratio: `${(trip / bare).toFixed(2)} × bare TLS`,
      pass: most === undefined ? undefined : trip <= most * bare,
    },
    row('the same, P99', microseconds(median(p99))),
    row('round trips at 100 in flight', perSecond(median(rate))),
    ...oneWay.length === 0 ? [] : [
      row('frames one way', perSecond(median(oneWay))),
      row('processor time of both for a frame one way', microseconds(median(cost))),
    ],
  ]
}
