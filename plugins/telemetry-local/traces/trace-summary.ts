import type { FinishedSpan } from '../../../kernel/contract/index.js'

/** What stands in a list of traces. */
export interface TraceSummary {
  readonly traceId: string
  /** When its first span began and its last one ended, in milliseconds since the Unix epoch. */
  startedAt: number
  endedAt: number
  /** Of the span that began first. */
  name: string
  /** The first conversation that is named in it; empty for none. */
  conversation: string
  spans: number
  failures: number
}

/** Gathers spans to traces. */
export class TraceSummaries {
  readonly #traces = new Map<string, TraceSummary>()

  add ({ traceId, startedAt, endedAt, name, attributes, failure }: FinishedSpan): void {
    const conversation = String(attributes['messaging.message.conversation_id'] ?? '')
    const known = this.#traces.get(traceId)
    const failures = failure === undefined ? 0 : 1
    if (known === undefined) {
      this.#traces.set(traceId, { traceId, startedAt, endedAt, name, conversation, spans: 1, failures })
      return
    }
    if (startedAt < known.startedAt) {
      known.startedAt = startedAt
      known.name = name
    }
    known.endedAt = Math.max(known.endedAt, endedAt)
    known.conversation ||= conversation
    known.spans += 1
    known.failures += failures
  }

  /** Those that began last, the latest first. */
  latest (count: number): readonly TraceSummary[] {
    return [...this.#traces.values()].sort((one, other) => other.startedAt - one.startedAt).slice(0, count)
  }
}
