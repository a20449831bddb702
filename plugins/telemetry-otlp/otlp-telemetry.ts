import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import {
  ClockToken, HttpsWeb, inject, injectable, MetricsReaderToken, MetricsToken, NodeToken, PluginConfig, PluginLog, RandomToken,
  type Clock, type Counter, type FinishedSpan, type Health, type Logger, type LogLevel, type LogLine, type Metrics, type MetricsReader,
  type NodeFacts, type PluginLife, type Random, type Telemetry, type Timer,
} from '../../kernel/contract/index.js'
import { logsRequest } from './encoding/otlp-logs.js'
import { metricsRequest } from './encoding/otlp-metrics.js'
import { tracesRequest } from './encoding/otlp-traces.js'
import { attributesOf, type OtlpOrigin } from './encoding/otlp-values.js'
import { clientCertificate } from './client-certificate.js'
import { OtlpTrustUnreadable } from './otlp-errors.js'
import { attributesIn, headersOf } from './otlp-settings.js'
import { OtlpSender } from './sending/otlp-sender.js'
import { SignalQueue, type Loss, type QueueRules } from './sending/signal-queue.js'
import type { TelemetryOtlpConfig } from './telemetry-otlp-config.js'

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error']
/** Most bytes of an answer that are read. */
const LARGEST_ANSWER = 64 * 1024
/** How long the last requests may take when the server stops, in milliseconds. */
const LAST_WORDS = 5_000

type Signal = 'traces' | 'metrics' | 'logs'

/** Sends spans, metrics and lines of the log to a collector by OTLP/HTTP. */
@injectable()
export class OtlpTelemetry implements Telemetry, PluginLife {
  readonly #sent: Counter
  readonly #lost: Counter
  #spans: SignalQueue<FinishedSpan> | undefined
  #lines: SignalQueue<LogLine> | undefined
  #metrics: SignalQueue<object> | undefined
  #reading: Timer | undefined
  #starting: Promise<void> | undefined
  /** Why the collector does not take what is sent; empty while it does. */
  #trouble = ''

  constructor (
    @inject(NodeToken) private readonly node: NodeFacts,
    @inject(ClockToken) private readonly clock: Clock,
    @inject(RandomToken) private readonly random: Random,
    @inject(MetricsToken) metrics: Metrics,
    @inject(MetricsReaderToken) private readonly reader: MetricsReader,
    @inject(PluginConfig) private readonly config: TelemetryOtlpConfig,
    @inject(PluginLog) private readonly log: Logger,
  ) {
    this.#sent = metrics.counter('caxton_otlp_sent_total', 'Spans, lines and readings of all metrics that the collector took.', ['signal'])
    this.#lost = metrics.counter('caxton_otlp_lost_total', 'Those that it did not get, by why.', ['signal', 'because'])
  }

  start (): Promise<void> {
    this.#starting = this.#open()
    return this.#starting
  }

  async stop (): Promise<void> {
    // A timer that is set after this would be cancelled by nobody.
    await this.#starting?.catch(() => undefined)
    this.#reading?.cancel()
    const ending = new AbortController()
    const timer = this.clock.after(LAST_WORDS, () => { ending.abort(new Error('the server stops')) })
    try {
      await Promise.all([this.#spans, this.#lines, this.#metrics].map(async queue => queue?.close(ending.signal)))
    } finally {
      timer.cancel()
    }
  }

  span (span: FinishedSpan): void {
    this.#spans?.add(span)
  }

  line (line: LogLine): void {
    if (LEVELS.indexOf(line.level) >= LEVELS.indexOf(this.config.log_level)) this.#lines?.add(line)
  }

  health (): Health {
    return this.#trouble === '' ? { state: 'ready' } : { state: 'degraded', detail: `telemetry does not arrive: ${this.#trouble}` }
  }

  #queue<T> (
    sender: OtlpSender, signal: Signal, request: (items: readonly T[]) => object, rules: QueueRules,
  ): SignalQueue<T> {
    return new SignalQueue<T>({
      rules, clock: this.clock, random: this.random,
      send: async (items, ending) => {
        const outcome = await sender.send(`v1/${signal}`, request(items), ending)
        if (outcome.kind !== 'taken') this.#note(outcome.because)
        return outcome
      },
      sent: count => {
        this.#trouble = ''
        this.#sent.add(count, { signal })
      },
      lost: (count, loss, because) => { this.#lose(signal, count, loss, because) },
    })
  }

  #lose (signal: Signal, count: number, loss: Loss, because: string): void {
    this.#lost.add(count, { signal, because: loss })
    if (loss === 'rejected') this.#note(because)
  }

  /** Said once, not with each request: this line is to be sent, too. */
  #note (because: string): void {
    if (this.#trouble === '') this.log.warn('telemetry does not arrive', { endpoint: this.config.endpoint.origin, because })
    this.#trouble = because
  }

  #readInTime (origin: OtlpOrigin): void {
    this.#reading = this.clock.after(this.config.metrics_interval, () => {
      this.#readInTime(origin)
      const times = { start: this.node.startedAt, now: this.clock.now() }
      this.#metrics?.add(metricsRequest(this.reader.snapshot(), times, origin))
    })
  }

  #origin (): OtlpOrigin {
    const { node: { nodeId, version, zone }, config: { service_name: name, attributes } } = this
    return {
      resource: {
        attributes: attributesOf({
          'service.name': name, 'service.version': version, 'service.instance.id': nodeId,
          'host.name': hostname(), 'process.pid': process.pid, 'caxton.zone': zone, ...attributesIn(attributes),
        }),
      },
      scope: { name: 'caxton', version },
    }
  }

  async #open (): Promise<void> {
    const { config: { endpoint, headers, compression, timeout, signals, flush_interval: flush, batch, queue: most }, clock } = this
    const { certificate, key } = this.config
    const client = await clientCertificate(certificate, key)
    const web = new HttpsWeb({ timeout, largest: LARGEST_ANSWER, trust: await this.#trust(), client }, clock)
    const sender = new OtlpSender({ endpoint, headers: headersOf(headers), compress: compression === 'gzip' }, web, clock)
    const origin = this.#origin()
    const rules = { batch, most, flush, retryFor: this.config.retry_for }
    const queue = <T>(signal: Signal, request: (items: readonly T[]) => object, own = rules): SignalQueue<T> | undefined =>
      signals.includes(signal) ? this.#queue(sender, signal, request, own) : undefined
    this.#spans = queue<FinishedSpan>('traces', spans => tracesRequest(spans, origin))
    this.#lines = queue<LogLine>('logs', lines => logsRequest(lines, origin))
    // The next reading says all that the one before said.
    this.#metrics = queue<object>('metrics', ([request = {}]) => request, { ...rules, batch: 1, most: 1, retryFor: 0 })
    if (this.#metrics !== undefined) this.#readInTime(origin)
  }

  async #trust (): Promise<string | undefined> {
    const { trust: file } = this.config
    if (file === undefined) return undefined
    try {
      return await readFile(file, 'utf8')
    } catch (error) {
      throw OtlpTrustUnreadable({ file, reason: error instanceof Error ? error.message : String(error) })
    }
  }
}
