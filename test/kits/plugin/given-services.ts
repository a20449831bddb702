import { randomBytes } from 'node:crypto'
import {
  ClockToken, ListenersToken, MetricsReaderToken, MetricsToken, NodeToken, OperationCatalogueToken, RandomToken, SecurityEventsToken,
  ServerHealthToken, StoreToken, TracerToken, type LogFields, type Logger, type Metrics, type MetricsReader, type OperationCatalogue,
  type Random, type Scoped, type SecurityEvents, type ServerHealth, type Span, type Store, type Token, type Tracer,
} from '../../../kernel/contract/index.js'
import type { Faults } from './faults.js'
import { GivenClock } from './given-clock.js'
import { GivenListeners } from './given-listeners.js'

/** A service with the name of who gives it. */
export interface GivenService {
  readonly token: Token<unknown>
  readonly instance: string
  readonly service: unknown
}

/** What a plugin has written to its log. */
export class GivenLog implements Logger {
  readonly lines: Array<{ readonly level: keyof Logger, readonly message: string, readonly fields: LogFields }> = []
  readonly debug = this.#writer('debug')
  readonly info = this.#writer('info')
  readonly warn = this.#writer('warn')
  readonly error = this.#writer('error')

  #writer (level: keyof Logger): Logger['info'] {
    return (message, fields = {}) => { this.lines.push({ level, message, fields }) }
  }
}

const metrics: Metrics = {
  counter: () => ({ add: () => {} }),
  gauge: () => ({ set: () => {} }),
  histogram: () => ({ record: () => {} }),
  onCollect: () => {},
}
const random: Random = { fraction: () => Math.random(), bytes: count => new Uint8Array(randomBytes(count)) }
const events: SecurityEvents = { note: () => {} }
const catalogue: OperationCatalogue = { list: () => [] }
const reader: MetricsReader = { snapshot: () => [] }
const span: Span = { context: { traceId: '1'.repeat(32), spanId: '1'.repeat(16), sampled: false }, set: () => {}, end: () => {} }
const tracer: Tracer = { start: () => span }
const health: ServerHealth = { ready: () => true, overall: () => ({ state: 'ready' }), parts: () => [] }

/** What the kernel gives to every plugin, as far as it can be had without a server. */
export class GivenServices {
  readonly clock = new GivenClock()
  readonly listeners: GivenListeners

  constructor (private readonly dataDirectory: string, private readonly faults: Faults) {
    this.listeners = new GivenListeners(faults)
  }

  list (): GivenService[] {
    const node = { nodeId: 'kit-node', zone: 'default', dataDirectory: this.dataDirectory, startedAt: Date.now(), version: '0.1.0' }
    const given: ReadonlyArray<readonly [Token<unknown>, unknown]> = [
      [ClockToken, this.clock], [RandomToken, random], [NodeToken, node], [MetricsToken, metrics], [SecurityEventsToken, events],
      [OperationCatalogueToken, catalogue], [MetricsReaderToken, reader], [TracerToken, tracer], [ServerHealthToken, health],
      [ListenersToken, this.listeners],
    ]
    return given.map(([token, service]) => ({ token, instance: 'kernel', service }))
  }

  /** Ends what a plugin has left behind, so that the next test finds nothing of it. */
  async end (): Promise<void> {
    this.clock.end()
    for (const listening of this.listeners.list()) await listening.close()
  }

  /** A service as a plugin gets it; the store may fail. */
  seenBy (instance: string, { token, service }: GivenService): unknown {
    const own = token.scoped ? (service as Scoped<object>).scopeFor(instance) : service
    return token.id === StoreToken.id ? this.faults.over(own as Store, ['migrate', 'get', 'count', 'commit', 'scan']) : own
  }
}
