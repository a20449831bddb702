import { configSchema, oneOf, type ConfigOf } from '../../contract/index.js'
import { agentsSchema } from './agents-schema.js'
import { tracingSchema } from './tracing-schema.js'

const KIB = 1024
const MIB = 1024 * KIB
const GIB = 1024 * MIB
const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

const node = configSchema({
  id: {
    doc: 'Name of this node: unique in its cluster, and in its certificate. Left out: the name of the host.',
    format: 'string', default: null,
  },
  zone: {
    doc: 'Failure domain of this node: copies and replacements prefer other zones.',
    format: 'string', default: 'default',
  },
  data_dir: {
    doc: 'Folder that holds everything this node keeps; made if it is missing. One server at a time can use it.',
    format: 'path', default: '/var/lib/caxton',
  },
})

const log = configSchema({
  level: {
    doc: 'Least important lines that are written.',
    format: oneOf('debug', 'info', 'warn', 'error'), default: 'info',
  },
  format: {
    doc: 'How lines look: for people, or one JSON object a line. auto: for people on a terminal, else JSON.',
    format: oneOf('auto', 'pretty', 'json'), default: 'auto',
  },
})

const messages = configSchema({
  dead_letters: {
    doc: 'Undeliverable messages that are kept; the oldest go first.',
    format: 'integer', default: 100_000, min: 0, max: 10_000_000,
  },
  fan_out: {
    doc: 'Most agents that get one message to a topic, or to all who offer a capability; with more it is refused.',
    format: 'integer', default: 1_000, min: 1, max: 20_000,
  },
  retries: {
    doc: 'How often a message that must not be lost is handed in again after its agent failed at it.',
    format: 'integer', default: 3, min: 0, max: 100,
  },
  retry_delay: { doc: 'Wait before the first of these; doubles with each.', format: 'duration', default: '100ms', min: 1, max: HOUR },
  retry_delay_max: { doc: 'Longest wait before one.', format: 'duration', default: '30s', min: 1, max: 24 * HOUR },
  delivery_keys: {
    doc: 'Delivery keys that are remembered, so that a message that comes again is delivered once; the oldest go first.',
    format: 'integer', default: 100_000, min: 1, max: 10_000_000,
  },
  delivery_key_window: {
    doc: 'For how long one is remembered.', format: 'duration', default: '24h', min: SECOND, max: 30 * 24 * HOUR,
  },
})

const conversations = configSchema({
  max: {
    doc: 'Conversations that one thread keeps open.', format: 'integer', default: 65_536, min: 16, max: 1_000_000,
  },
  max_of_one: {
    doc: 'Of these, those that one agent may have opened.', format: 'integer', default: 4_096, min: 1, max: 1_000_000,
  },
  participants: {
    doc: 'Most participants of one conversation.', format: 'integer', default: 256, min: 1, max: 10_000,
  },
  idle: {
    doc: 'Silence after which a conversation is forgotten.', format: 'duration', default: '30m', min: SECOND, max: 24 * HOUR,
  },
  tick: {
    doc: 'How much of an open conversation a crash may cost: its latest state is written this often.',
    format: 'duration', default: '50ms', min: 10, max: 10 * SECOND,
  },
  transcript: {
    doc: 'Messages of each conversation that are kept in memory for who inspects it. 0: none.',
    format: 'integer', default: 0, min: 0, max: 1000,
  },
  transcript_bytes: {
    doc: 'Bytes of the content of each such message.', format: 'bytes', default: '1KiB', min: 0, max: 64 * KIB,
  },
})

const server = configSchema({
  start_timeout: {
    doc: 'Time that each plugin has to start.',
    format: 'duration', default: '30s', min: 100, max: HOUR,
  },
  drain_timeout: {
    doc: 'Time for all plugins together to finish their work before they are stopped.',
    format: 'duration', default: '30s', max: HOUR,
  },
  stop_timeout: { doc: 'Time that each plugin has to stop.', format: 'duration', default: '10s', min: 100, max: HOUR },
})

const cluster = configSchema({
  transport: {
    doc: 'How this node prefers to speak with others: `tcp`, `quic`, or the name of another transport that is switched on. The first that '
      + 'both nodes have is taken.',
    format: 'string', default: 'tcp',
  },
  queue: {
    doc: 'Bytes that may wait to be sent to one node.', format: 'bytes', default: '8MiB', min: 64 * KIB, max: GIB,
  },
  dial_timeout: { doc: 'Time to open a link to a node.', format: 'duration', default: '5s', min: 100, max: MINUTE },
  breaker_failures: {
    doc: 'Failures in a row to open a link after which the node is left alone for a while.',
    format: 'integer', default: 10, min: 1, max: 100,
  },
  breaker_open: {
    doc: 'For how long; it is tried at once when it is heard of again.', format: 'duration', default: '60s', min: SECOND, max: HOUR,
  },
  copies: {
    doc: 'Other nodes that have what they need to go on with an agent: its module, its settings, and what it last saved.',
    format: 'integer', default: 2, min: 0, max: 10,
  },
  fence_after: {
    doc: 'How long this node must stand in a minority before it stops agents of which there must not be two.',
    format: 'duration', default: '2s', min: 0, max: HOUR,
  },
  queued_writes: {
    doc: 'Changes that may wait in a minority until a majority can be reached.', format: 'integer', default: 10_000, min: 0, max: 1_000_000,
  },
  adopt_after: {
    doc: 'How long a node must be dead before others take over its agents. More than a node without a majority needs to stop them.',
    format: 'duration', default: '10s', min: 100, max: HOUR,
  },
})

/** Every section and key of the configuration file that is the kernel's own. */
export const kernelSchema = { node, log, tracing: tracingSchema, agents: agentsSchema, messages, conversations, cluster, server } as const

export type KernelSchema = typeof kernelSchema

export type NodeConfiguration = Omit<ConfigOf<KernelSchema['node']>, 'id'> & { readonly id: string }
export type LogConfiguration = ConfigOf<KernelSchema['log']>
export type TracingConfiguration = ConfigOf<KernelSchema['tracing']>
export type AgentsConfiguration = ConfigOf<KernelSchema['agents']>
export type MessagesConfiguration = ConfigOf<KernelSchema['messages']>
export type ConversationsConfiguration = ConfigOf<KernelSchema['conversations']>
export type ClusterConfiguration = ConfigOf<KernelSchema['cluster']>
export type ServerConfiguration = ConfigOf<KernelSchema['server']>

/** The kernel's sections, read and typed: durations in milliseconds, sizes in bytes, paths absolute. */
export interface KernelConfiguration {
  readonly node: NodeConfiguration
  readonly log: LogConfiguration
  readonly tracing: TracingConfiguration
  readonly agents: AgentsConfiguration
  readonly messages: MessagesConfiguration
  readonly conversations: ConversationsConfiguration
  readonly cluster: ClusterConfiguration
  readonly server: ServerConfiguration
}
