import type { Link, Proof } from '../../kernel/contract/index.js'
import { Links } from '../../kernel/contract/links/links.js'
import type { LinkConfig } from '../../kernel/contract/links/link-config.js'
import { MetricsRegistry } from '../../kernel/observability/metrics.js'
import { Events } from '../kits/transport/subject.js'
import { eventsIn } from './quiet-context.js'
import { RecordingLogger } from './recording-logger.js'
import { settled, VirtualClock } from './virtual-clock.js'
import { PairedWire } from './wire-pair.js'

export const linkSettings: LinkConfig = {
  largest_frame: 64 * 1024, queue: 128 * 1024, keepalive: 2000, keepalive_timeout: 3000, connect_timeout: 5000, compression: false,
}

/** One side of a link. */
export class LinkSide {
  readonly events = new Events()
  readonly log = new RecordingLogger()
  readonly metrics = new MetricsRegistry()
  readonly links: Links

  constructor (clock: VirtualClock, nodeId: string, config: Partial<LinkConfig> = {}, version = '0.1.0') {
    const self = { transport: 'pair', nodeId, version }
    this.links = new Links(self, { ...linkSettings, ...config }, clock, this.log, this.metrics, eventsIn(this.log))
  }

  /** The value of a counter. */
  counted (name: string): number {
    return this.metrics.snapshot(name)[0]?.samples[0]?.value ?? 0
  }

  warnings (): string[] {
    return this.log.lines.filter(({ level }) => level === 'warn').map(({ message }) => message)
  }
}

const believing: Proof = { doubt: () => undefined }

/** Two nodes, a wire between them, and virtual time. */
export class LinkScene {
  readonly clock = new VirtualClock()
  readonly a: LinkSide
  readonly b: LinkSide
  readonly wireA: PairedWire
  readonly wireB: PairedWire
  private readonly proofs: readonly Proof[]

  constructor ({ cut, config = {}, versions = [], proofs = [] }: {
    readonly cut?: (length: number) => number
    readonly config?: Partial<LinkConfig>
    readonly versions?: readonly string[]
    readonly proofs?: readonly Proof[]
  } = {}) {
    this.a = new LinkSide(this.clock, 'node-a', config, versions[0])
    this.b = new LinkSide(this.clock, 'node-b', config, versions[1])
    const [wireA, wireB] = PairedWire.pair(this.clock, cut)
    this.wireA = wireA
    this.wireB = wireB
    this.proofs = proofs
  }

  /** Dials from a to b; the error if that failed. */
  async dial (nodeId = 'node-b'): Promise<Link | Error> {
    const peer = { nodeId, host: '127.0.0.1', port: 7947 }
    const { signal } = new AbortController()
    this.b.links.accept(this.wireB, this.proofs[1] ?? believing, this.b.events)
    const dial = this.a.links.dial(this.wireA, this.proofs[0] ?? believing, peer, this.a.events, signal).then(
      link => link, (error: unknown) => error instanceof Error ? error : new Error(String(error)))
    await this.clock.pass(0)
    await settled()
    return dial
  }

  /** Both ends of an open link. */
  async linked (): Promise<[Link, Link]> {
    const fromA = await this.dial()
    const [fromB] = this.b.events.openings
    if (fromA instanceof Error || !fromB) throw new Error('no link', { cause: fromA })
    return [fromA, fromB]
  }
}
