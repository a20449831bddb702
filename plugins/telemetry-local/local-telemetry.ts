import {
  ClockToken, inject, injectable, MembershipToken, MetricsReaderToken, MetricsToken, NodeToken, optional, PeersToken, PluginConfig,
  PluginLog, StoreToken,
  type Clock, type Counter, type FinishedSpan, type Logger, type LogLine, type Membership, type Metrics, type MetricsReader,
  type NodeFacts, type Peers, type PluginLife, type Store, type Telemetry, type Timer,
} from '../../kernel/contract/index.js'
import { lineText } from './logs/line-text.js'
import { LogReading } from './logs/log-reading.js'
import { markOf, readingText, readReadings, type Reading } from './metrics/reading-text.js'
import { RecordBlocks } from './records/record-blocks.js'
import type { TelemetryLocalConfig } from './telemetry-local-config.js'
import { searchSpans } from './traces/span-search.js'
import { readSpanText, spanText } from './traces/span-text.js'
import { TracePeers, type GatheredTrace } from './traces/trace-peers.js'
import { TraceSummaries, type TraceSummary } from './traces/trace-summary.js'

const COLLECTIONS = ['spans', 'lines', 'metrics'] as const
/** How often what is too old is looked for, in milliseconds. */
const EXPIRY_INTERVAL = 60_000

/** Keeps the latest spans, lines and metrics of this node in its own store, and answers for them. */
@injectable()
export class LocalTelemetry implements Telemetry, PluginLife {
  readonly #spans: RecordBlocks
  readonly #lines: RecordBlocks
  readonly #metrics: RecordBlocks
  readonly logs: LogReading
  #traces: TracePeers | undefined
  #reading: Timer | undefined
  #expiry: Timer | undefined
  #ended = false
  #starting: Promise<void> | undefined

  constructor (
    @inject(StoreToken) private readonly store: Store,
    @inject(NodeToken) private readonly node: NodeFacts,
    @inject(ClockToken) private readonly clock: Clock,
    @inject(MetricsToken) metrics: Metrics,
    @inject(MetricsReaderToken) private readonly reader: MetricsReader,
    @inject(PeersToken) private readonly peers: Peers,
    @inject(optional(MembershipToken)) private readonly membership: Membership | undefined,
    @inject(PluginConfig) private readonly config: TelemetryLocalConfig,
    @inject(PluginLog) private readonly log: Logger,
  ) {
    const lost = metrics.counter('caxton_telemetry_local_dropped_total', 'Spans, lines and metrics that could not be kept.', ['what'])
    this.#spans = this.#blocks('spans', config.spans_size, lost)
    this.#lines = this.#blocks('lines', config.logs_size, lost)
    this.#metrics = this.#blocks('metrics', config.metrics_size, lost)
    this.logs = new LogReading(this.#lines)
  }

  start (): Promise<void> {
    this.#starting = this.#open()
    return this.#starting
  }

  async stop (): Promise<void> {
    this.#ended = true
    // A timer that is set after this would be cancelled by nobody.
    await this.#starting?.catch(() => undefined)
    this.#reading?.cancel()
    this.#expiry?.cancel()
    await Promise.all(this.#all.map(blocks => blocks.close()))
  }

  span (span: FinishedSpan): void {
    this.#spans.add(span.endedAt, spanText(span))
  }

  line (line: LogLine): void {
    this.#lines.add(line.at, lineText(line))
    this.logs.tell(line)
  }

  /** What all nodes know of a trace, a conversation or a message. */
  async trace (id: string, signal: AbortSignal): Promise<GatheredTrace> {
    return await this.#traces?.gather(id, signal) ?? { spans: [], isCut: false, silent: [] }
  }

  /** The traces of this node that began last, the latest first. */
  async latestTraces (count: number): Promise<readonly TraceSummary[]> {
    const summaries = new TraceSummaries()
    for await (const line of this.#spans.read(0)) {
      const span = readSpanText(line)
      if (span !== undefined) summaries.add(span)
    }
    return summaries.latest(count)
  }

  /** What was read of a metric since a moment, oldest first. */
  async history (name: string, since: number): Promise<readonly Reading[]> {
    const mark = markOf(name)
    const readings: Reading[] = []
    for await (const line of this.#metrics.read(since, block => block.includes(mark))) {
      if (line.includes(mark)) readings.push(...readReadings(line, name).filter(({ at }) => at >= since))
    }
    return readings
  }

  get #all (): readonly RecordBlocks[] {
    return [this.#spans, this.#lines, this.#metrics]
  }

  async #open (): Promise<void> {
    await this.store.migrate([
      { version: 1, summary: 'Spans, lines and metrics in blocks.', creates: COLLECTIONS.flatMap(name => RecordBlocks.collections(name)) },
    ])
    for (const blocks of this.#all) await blocks.open()
    const { peers, membership, clock } = this
    this.#traces = new TracePeers({
      self: this.node.nodeId, peers, membership, clock, timeout: this.config.peer_timeout,
      search: ids => searchSpans(this.#spans, ids),
    })
    this.#readInTime()
    this.#expireInTime()
  }

  #blocks (what: typeof COLLECTIONS[number], size: number, lost: Counter): RecordBlocks {
    const { store, clock, log, config: { keep_for: age, flush_interval: flush } } = this
    return new RecordBlocks({
      store, clock, log, collection: what, rules: { size, age, flush },
      dropped: count => { lost.add(count, { what }) },
    })
  }

  #readInTime (): void {
    if (this.config.metrics_interval === 0 || this.#ended) return
    this.#reading = this.clock.after(this.config.metrics_interval, () => {
      const at = this.clock.now()
      for (const metric of this.reader.snapshot()) {
        const text = readingText(at, metric)
        if (text !== undefined) this.#metrics.add(at, text)
      }
      this.#readInTime()
    })
  }

  #expireInTime (): void {
    this.#expiry = this.clock.after(EXPIRY_INTERVAL, () => {
      for (const blocks of this.#all) void blocks.expire()
      if (!this.#ended) this.#expireInTime()
    })
  }
}
