import { defineError } from '../../kernel/contract/index.js'

export const AuditLogDamaged = defineError({
  code: 'AUDIT_LOG_DAMAGED',
  kind: 'precondition',
  meaning: 'The audit log is not as this node wrote it: records that were on the disk are missing or changed, so nothing may follow them.',
  remedy: 'See all that is wrong with `caxton audit verify FOLDER`. Then keep the folder as evidence: move it away, and start the server '
    + 'with an empty one.',
  sentence: (d: { place: string, reason: string }) => `the audit log is damaged in ${d.place}: ${d.reason}`,
})

export const AuditLogUnwritable = defineError({
  code: 'AUDIT_LOG_UNWRITABLE',
  kind: 'unavailable',
  meaning: 'A record could not be written to the audit log. Changes are refused until it can be; reads go on.',
  remedy: 'Make room on the disk, or repair it; nothing has to be restarted. `plugins.audit-log.keep_for` and `keep_size` bound the log.',
  sentence: (d: { reason: string }) => `the audit log can't be written: ${d.reason}`,
})

export const AuditLogFull = defineError({
  code: 'AUDIT_LOG_FULL',
  kind: 'exhausted',
  meaning: 'More records wait for the disk than the audit log lets wait.',
  remedy: 'The disk is too slow for what happens, or hangs: look at it. `plugins.audit-log.queue` is how many records may wait.',
  sentence: (d: { waiting: number }) => `${d.waiting} records wait for the audit log's disk`,
})

export const AuditLogStopped = defineError({
  code: 'AUDIT_LOG_STOPPED',
  kind: 'unavailable',
  meaning: 'Something was to be put on record when the audit log had ended with the server.',
  remedy: 'Nothing: the server is stopping.',
  sentence: (_details: object) => 'the audit log has ended',
})

export const AuditQueryInvalid = defineError({
  code: 'AUDIT_QUERY_INVALID',
  kind: 'invalid',
  meaning: 'A question to the audit log can not be understood.',
  remedy: 'Change what the message names; `caxton audit query --help` shows how each part is written.',
  sentence: (d: { part: string, problem: string }) => `${d.part} can't be used: ${d.problem}`,
})

export const AuditFolderUnreadable = defineError({
  code: 'AUDIT_FOLDER_UNREADABLE',
  kind: 'invalid',
  meaning: 'The folder of an audit log can not be read, or holds none.',
  remedy: 'Name the folder that holds head.json, as a user who may read it: `audit` in the data directory, or `plugins.audit-log.folder`.',
  sentence: (d: { folder: string, reason: string }) => `can't read an audit log in ${d.folder}: ${d.reason}`,
})

export const auditErrors =
  [AuditLogDamaged, AuditLogUnwritable, AuditLogFull, AuditLogStopped, AuditQueryInvalid, AuditFolderUnreadable]
