import type { Counter, Logger, Metrics, SecurityEvent, SecurityEvents } from '../contract/index.js'

/** Most events that wait for an audit log; the oldest go first. */
const MOST_WAITING = 1_000

/** {@link SecurityEvents}, which exist before the audit log does. */
export class SecurityNotes implements SecurityEvents {
  private readonly counted: Counter
  private readonly waiting: SecurityEvent[] = []
  private keep: ((event: SecurityEvent) => void) | undefined

  constructor (private readonly log: Logger, metrics: Metrics) {
    this.counted = metrics.counter(
      'caxton_security_events_total', 'What happened to the security of this server, by kind and result.', ['what', 'result'])
  }

  note (noted: Omit<SecurityEvent, 'event'>): void {
    const { what, resource, result, because } = noted
    const event: SecurityEvent = { event: 'security', what, resource, result, ...because === undefined ? {} : { because } }
    this.counted.add(1, { what, result })
    this.log[result === 'ok' ? 'info' : 'warn'](`security: ${what}`, { resource, result, because })
    if (this.keep !== undefined) this.keep(event)
    else if (this.waiting.push(event) > MOST_WAITING) this.waiting.shift()
  }

  /** From now on events go there, those first that have waited; until the returned function is called. `keep` must not throw. */
  carryTo (keep: (event: SecurityEvent) => void): () => void {
    this.keep = keep
    for (const event of this.waiting.splice(0)) keep(event)
    return () => { if (this.keep === keep) this.keep = undefined }
  }
}
