import {
  AuditLogToken, ClockToken, definePlugin, IdentityToken, MetricsToken, NodeToken, optional, RandomToken,
} from '../../kernel/contract/index.js'
import { auditCommands } from './audit-commands.js'
import { auditErrors } from './audit-errors.js'
import { auditLogConfig } from './audit-log-config.js'
import { auditOperations } from './audit-operations.js'

export default definePlugin({
  name: 'audit-log',
  summary: 'Keeps on record who did what, in a signed chain of records that shows every later change.',
  stability: 'beta',
  contract: '^1.0',
  provides: [AuditLogToken],
  needs: [NodeToken, ClockToken, RandomToken, MetricsToken, optional(IdentityToken)],
  asks: ['fs.read', 'fs.write', 'net.dial'],
  config: auditLogConfig,
  operations: [auditOperations],
  commands: auditCommands,
  errors: auditErrors,
  main: async () => (await import('./audit-log.js')).FileAuditLog,
})
