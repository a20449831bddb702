import { configSchema, oneOf, type ConfigOf } from '../../kernel/contract/index.js'

export const auditLogConfig = configSchema({
  folder: { doc: 'Folder for the log. Left out: audit in the data directory of the node.', format: 'path', default: null },
  reads: {
    doc: 'Which calls that change nothing are recorded: all, or only those that were refused.',
    format: oneOf('refused', 'all'),
    default: 'refused',
  },
  keep_for: {
    doc: 'How long records are kept. Segments are removed as a whole, when the last record in them is older.',
    format: 'duration', default: '90d', min: 3_600_000,
  },
  keep_size: {
    doc: 'Most bytes of the log; the oldest segments go first. Left out: as large as the disk allows.',
    format: 'bytes', default: null, min: 1024 * 1024,
  },
  segment_size: {
    doc: 'Size from which on a new segment begins.',
    format: 'bytes', default: '16MiB', min: 64 * 1024, max: 2 ** 30,
  },
  segment_age: {
    doc: 'Age from which on a new segment begins.',
    format: 'duration', default: '1d', min: 60_000, max: 31 * 86_400_000,
  },
  checkpoint_interval: {
    doc: 'How soon records are signed after they were written.',
    format: 'duration', default: '10s', min: 100, max: 3_600_000,
  },
  queue: {
    doc: 'Records that may wait for the disk; with more, changes are refused.',
    format: 'integer', default: 10_000, min: 100, max: 1_000_000,
  },
  refusals_per_second: {
    doc: 'Refused calls that are recorded one by one; those beyond are counted, so that nobody fills the disk with attempts.',
    format: 'integer', default: 100, min: 1, max: 100_000,
  },
  syslog: { doc: 'Where records are sent as well, by syslog (RFC 5424).', format: 'address', default: null },
  syslog_protocol: { doc: 'How: datagrams, or one connection.', format: oneOf('udp', 'tcp'), default: 'udp' },
  forward_file: { doc: 'A second file to which records are appended as well, as on another disk.', format: 'path', default: null },
  forward_queue: {
    doc: 'Records that may wait for each of these; those beyond are not sent there, and counted.',
    format: 'integer', default: 10_000, min: 1, max: 1_000_000,
  },
})

export type AuditLogConfig = ConfigOf<typeof auditLogConfig>
