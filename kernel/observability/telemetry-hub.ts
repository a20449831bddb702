import type { Counter, FinishedSpan, Logger, LogLine, Metrics, Named, Telemetry } from '../contract/index.js'

/** Most spans and most lines that wait for the plugins to start; the oldest go first. */
const MOST_WAITING = 1_000

/**
 * Hands spans and lines to all who want them. What comes before the plugins have started waits for them, as far as there is
 * room.
 */
export class TelemetryHub {
  private readonly recorded: Counter
  private spans: FinishedSpan[] = []
  private lines: LogLine[] = []
  private takers: ReadonlyArray<Named<Telemetry>> | undefined
  private readonly troubled = new Set<string>()

  constructor (metrics: Metrics, private readonly log: Logger) {
    this.recorded = metrics.counter('caxton_spans_total', 'Spans that were recorded.')
  }

  /** Whether somebody wants spans, or may still come. */
  get wantsSpans (): boolean {
    return this.takers?.some(({ service }) => service.span !== undefined) ?? true
  }

  span (span: FinishedSpan): void {
    this.recorded.add(1)
    if (this.takers === undefined) keep(this.spans, span)
    else for (const taker of this.takers) this.attempt(taker, service => service.span?.(span))
  }

  line (line: LogLine): void {
    if (this.takers === undefined) keep(this.lines, line)
    else for (const taker of this.takers) this.attempt(taker, service => service.line?.(line))
  }

  /** From now on these get everything, and first what has waited. */
  open (takers: ReadonlyArray<Named<Telemetry>>): void {
    const { spans, lines } = this
    this.takers = takers
    this.spans = []
    this.lines = []
    for (const line of lines) this.line(line)
    for (const span of spans) for (const taker of takers) this.attempt(taker, service => service.span?.(span))
  }

  /** Nobody gets anything any more. */
  close (): void {
    this.takers = []
  }

  /** One that fails is told of once, not with each line: the report is a line, too. */
  private attempt (taker: Named<Telemetry>, hand: (service: Telemetry) => void): void {
    try {
      hand(taker.service)
    } catch (error) {
      if (this.troubled.has(taker.instance)) return
      this.troubled.add(taker.instance)
      this.log.error('a plugin fails at what it is told of spans and lines', { plugin: taker.instance, error })
    }
  }
}

function keep<T> (waiting: T[], item: T): void {
  waiting.push(item)
  if (waiting.length > MOST_WAITING) waiting.shift()
}
