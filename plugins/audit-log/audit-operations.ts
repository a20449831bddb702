import { operations, type Handlers, type OperationService } from '../../kernel/contract/index.js'
import type { FileAuditLog } from './audit-log.js'
import { Audit } from './proto/caxton/v1/audit_pb.js'

/** The operations on the audit log. */
export const auditOperations: OperationService = operations(Audit, (main: FileAuditLog): Handlers<typeof Audit> => ({
  query: ({ credential, since, until, last, ...texts }, { signal }) => {
    const { event, principal, operation, resource, result, address, trace } = texts
    const question = {
      event, principal, operation, resource, result, address, trace,
      since: Number(since),
      ...until === 0n ? {} : { until: Number(until) },
      ...last === 0 ? {} : { last },
    }
    return main.query(question, credential, signal)
  },
}))
