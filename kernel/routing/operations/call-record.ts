import {
  inTime, type AuditLog, type AuditRecord, type Clock, type Counter, type LogFields, type Logger, type Metrics, type SecurityEvent,
} from '../../contract/index.js'

/** How long the audit log may take over one record, in milliseconds. */
const LONGEST = 5_000

/** Puts calls on record, where the server keeps an audit log. */
export class CallRecords {
  private readonly lost: Counter

  constructor (
    private readonly audit: AuditLog | undefined,
    private readonly clock: Clock,
    private readonly log: Logger,
    metrics: Metrics,
  ) {
    this.lost = metrics.counter('caxton_audit_lost_total', 'Records that the audit log did not take.', ['event'])
  }

  /** Whether the record was kept. Without an audit log nothing is to be kept. */
  async keep (record: AuditRecord | SecurityEvent): Promise<boolean> {
    const { audit } = this
    if (audit === undefined) return true
    try {
      // Not under the call's signal: a caller that hangs up must not be able to keep itself out of the record.
      await inTime(this.clock, LONGEST, audit.record(record))
      return true
    } catch (error) {
      this.lost.add(1, { event: record.event })
      this.log.error('a record for the audit log was lost', { ...factsOf(record), error })
      return false
    }
  }
}

function factsOf (record: AuditRecord | SecurityEvent): LogFields {
  if (record.event === 'security') return { ...record }
  const { event, operation, resource, principal, trace } = record
  return { event, operation, resource, principal: principal.name, trace: trace.traceId }
}
