import type {
  AuditLog, Clock, Counter, Histogram, Logger, Metrics, SecurityEvents, ToolCall, ToolResult,
} from '../../../kernel/contract/index.js'

/** What {@link CallBook} writes to. */
export interface CallBookParts {
  readonly metrics: Metrics
  readonly audit: AuditLog | undefined
  readonly events: SecurityEvents
  readonly clock: Clock
  readonly log: Logger
}

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300]
/** The operation, and the face, under which agents' calls stand in the audit log. */
const OPERATION = 'caxton.v1.Tools/Call'
const FACE = 'agents'
const MINUTE = 60_000
/** Refusals of one agent that are noted in a minute; all are counted. */
const NOTES = 10

/** Counts calls, and keeps on record what agents call. Those of callers are on record as every operation is. */
export class CallBook {
  private readonly total: Counter
  private readonly durations: Histogram
  /** Refusals of each agent in this minute. */
  private readonly noted = new Map<string, number>()
  private minute = -1

  constructor (private readonly parts: CallBookParts) {
    const { metrics } = parts
    this.total = metrics.counter('caxton_tool_calls_total', 'Calls of tools, by server and by what came of them.', ['server', 'result'])
    this.durations = metrics.histogram(
      'caxton_tool_call_duration_seconds', 'Time from a call of a tool to its answer.', SECONDS, ['server'])
  }

  /** A call is about to be made. False: it can't be put on record, and so it is not made. */
  async begin (call: ToolCall): Promise<boolean> {
    const record = this.recordOf(call)
    if (record === undefined) return true
    try {
      await this.parts.audit?.record({ ...record, event: 'intent' })
      return true
    } catch {
      return false
    }
  }

  /** `server`: its name, or empty for one that there is not. `began`: by the clock that never goes back. */
  end (call: ToolCall, server: string, result: ToolResult, began: number): void {
    const { clock, log, audit, events } = this.parts
    const outcome = result.ok ? 'ok' : result.code
    const labels = server === '' ? { result: outcome } : { server, result: outcome }
    this.total.add(1, labels)
    if (server !== '') this.durations.record((clock.elapsed() - began) / 1_000, { server })
    const because = result.ok ? undefined : result.reason
    const { agent } = call.caller
    log.debug('a tool was called', {
      tool: call.tool, result: outcome, trace: call.trace.traceId,
      ...agent === undefined ? {} : { agent }, ...because === undefined ? {} : { because },
    })
    const isRefused = outcome === 'TOOL_NOT_GRANTED' || outcome === 'TOOL_NOT_APPROVED'
    if (isRefused && agent !== undefined && this.mayNote(agent)) {
      const resource = `tool:${call.tool.slice(0, 256)}`
      events.note({ what: 'tool-refused', resource, result: 'refused', because: `agent "${agent}": ${because ?? ''}` })
    }
    const record = this.recordOf(call)
    if (record === undefined) return
    void audit?.record({
      ...record, event: isRefused ? 'refused' : 'outcome', result: outcome, ...because === undefined ? {} : { because },
    }).catch((error: unknown) => {
      log.warn('what came of a call of a tool could not be put on record', { tool: call.tool, cause: String(error) })
    })
  }

  /** An agent that tries again and again must not fill the log. */
  private mayNote (agent: string): boolean {
    const minute = Math.floor(this.parts.clock.elapsed() / MINUTE)
    if (minute !== this.minute) {
      this.minute = minute
      this.noted.clear()
    }
    const noted = this.noted.get(agent) ?? 0
    this.noted.set(agent, noted + 1)
    return noted < NOTES
  }

  private recordOf ({ tool, caller: { agent }, trace }: ToolCall) {
    if (agent === undefined || this.parts.audit === undefined) return undefined
    return {
      operation: OPERATION, changes: true, resource: `tool:${tool.slice(0, 256)}`, trace,
      principal: { name: `agent:${agent}`, method: 'none', roles: [] },
      origin: { face: FACE, address: '', headers: new Map<string, string>() },
    } as const
  }
}
