import { configSchema, DELIVERY, listOf, oneOf } from '../../contract/index.js'
import { PERMISSION_KINDS, USUAL_PERMISSIONS } from '../../routing/permissions/permission-words.js'

const KIB = 1024
const MIB = 1024 * KIB
const GIB = 1024 * MIB
const MINUTE = 60_000
const HOUR = 60 * MINUTE

/** The section `[agents]`. */
export const agentsSchema = configSchema({
  max: { doc: 'Most agents on this node.', format: 'integer', default: 10_000, min: 1, max: 20_000 },
  shards: {
    doc: 'Threads that run agents. 0: one less than the machine has cores, at least one.',
    format: 'integer', default: 0, min: 0, max: 64,
  },
  memory: {
    doc: 'Memory that one agent may have when its deployment asks for no other limit.',
    format: 'bytes', default: '16MiB', min: 64 * KIB, max: 4 * GIB,
  },
  memory_max: {
    doc: 'Most memory that a deployment may ask for.', format: 'bytes', default: '256MiB', min: 64 * KIB, max: 4 * GIB,
  },
  fuel_per_message: {
    doc: 'Work units that an agent may use for one message or timer.',
    format: 'integer', default: 2_000_000, min: 1000, max: 2_000_000_000,
  },
  fuel_per_start: {
    doc: 'Work units that an agent may use to start, save, load or stop.',
    format: 'integer', default: 100_000_000, min: 1000, max: 2_000_000_000,
  },
  mailbox_messages: {
    doc: 'Messages that may wait for one agent.',
    format: 'integer', default: 256, min: 1, max: 1_000_000,
  },
  mailbox_bytes: {
    doc: 'Bytes of messages that may wait for one agent.',
    format: 'bytes', default: '1MiB', min: 4 * KIB, max: GIB,
  },
  message_size: {
    doc: 'Largest message, header included, when a deployment asks for no other limit.',
    format: 'bytes', default: '64KiB', min: KIB, max: MIB,
  },
  message_size_max: {
    doc: 'Largest message that a deployment may ask for.',
    format: 'bytes', default: '1MiB', min: KIB, max: MIB,
  },
  module_size: {
    doc: 'Largest WebAssembly module that may be uploaded.',
    format: 'bytes', default: '4MiB', min: KIB, max: 64 * MIB,
  },
  deploy_timeout: {
    doc: 'Time to validate and compile an uploaded module; then the deployment is refused.',
    format: 'duration', default: '5s', min: 100, max: 10 * MINUTE,
  },
  strikes: {
    doc: 'Faults within the strike window after which an agent is quarantined instead of restarted.',
    format: 'integer', default: 5, min: 1, max: 1000,
  },
  strike_window: { doc: 'How long a fault counts.', format: 'duration', default: '10s', min: 100, max: 24 * HOUR },
  restart_delay: {
    doc: 'Wait before the first restart; doubles with each fault.',
    format: 'duration', default: '100ms', max: HOUR,
  },
  restart_delay_max: { doc: 'Longest wait before a restart.', format: 'duration', default: '30s', max: 24 * HOUR },
  wall_limit: {
    doc: 'Time after which an agent that does not return is quarantined and its shard renewed; fuel ends it before.',
    format: 'duration', default: '1s', min: 100, max: MINUTE,
  },
  permissions: {
    doc: 'What an agent may do when its deployment says nothing: write to every agent, and more, but call no tools.',
    format: listOf('string'), default: USUAL_PERMISSIONS,
  },
  permissions_max: {
    doc: 'What a deployment may grant at most; `send:shop-*`, `publish:prices.*`, `subscribe:#` or `call:ledger` for a part.',
    format: listOf('string'), default: PERMISSION_KINDS,
  },
  policy_file: {
    doc: 'File with rules about which agents may write to which, with which acts, how often. It is read again when it changes.',
    format: 'path', default: null,
  },
  require_signed: {
    doc: 'Whether only modules run that one of the trusted keys signed: `caxton agents sign`.', format: 'boolean', default: false,
  },
  trusted_keys: {
    doc: 'Files with the public keys of those whose modules are trusted. The name of a file, without its ending, names the signer.',
    format: listOf('path'), default: [],
  },
  message_rate: {
    doc: 'Messages that one agent may send in a second when its deployment says nothing. 0: as many as it likes.',
    format: 'integer', default: 0, min: 0, max: 1_000_000,
  },
  message_rate_max: {
    doc: 'Most that a deployment may ask for. 0: any number.', format: 'integer', default: 0, min: 0, max: 1_000_000,
  },
  log_lines: {
    doc: 'Lines that one agent may log in a second when its deployment says nothing; the others are counted.',
    format: 'integer', default: 100, min: 1, max: 10_000,
  },
  log_lines_max: {
    doc: 'Most that a deployment may ask for.', format: 'integer', default: 1_000, min: 1, max: 10_000,
  },
  delivery: {
    doc: 'How messages for an agent are delivered at least, when neither its deployment nor their sender asks for more.',
    format: oneOf(...DELIVERY), default: DELIVERY[0],
  },
  tool_calls: {
    doc: 'Calls of tools that one agent may have under way at once.', format: 'integer', default: 16, min: 1, max: 1_024,
  },
  sends_per_message: {
    doc: 'Messages that an agent may send while it handles one.', format: 'integer', default: 256, min: 1, max: 100_000,
  },
})
