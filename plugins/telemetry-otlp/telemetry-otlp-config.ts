import { configSchema, listOf, oneOf, type ConfigOf } from '../../kernel/contract/index.js'

const SECOND = 1000
const MINUTE = 60 * SECOND

export const telemetryOtlpConfig = configSchema({
  endpoint: {
    doc: 'Where the collector takes OTLP over HTTP. `/v1/traces`, `/v1/metrics` and `/v1/logs` are added to it.',
    format: 'url', default: 'http://127.0.0.1:4318',
  },
  headers: {
    doc: 'Sent with each request, such as "authorization: Bearer ${OTLP_TOKEN}". Never shown.', format: listOf('secret'), default: [],
  },
  trust: {
    doc: 'File with certificates of authorities, in PEM, that are trusted instead of those that Node brings.',
    format: 'path', default: null,
  },
  certificate: {
    doc: 'File with a certificate and its chain, in PEM, that is shown to a collector which wants one; read when the server starts.',
    format: 'path', default: null,
  },
  key: { doc: 'File with its private key, in PEM.', format: 'path', default: null },
  signals: {
    doc: 'What is sent.', format: listOf(oneOf('traces', 'metrics', 'logs')), default: ['traces', 'metrics', 'logs'],
  },
  log_level: { doc: 'Least important lines that are sent.', format: oneOf('debug', 'info', 'warn', 'error'), default: 'info' },
  service_name: { doc: 'The `service.name` of the node.', format: 'string', default: 'caxton' },
  attributes: {
    doc: 'More resource attributes, each "name=value", such as "deployment.environment.name=production".',
    format: listOf('string'), default: [],
  },
  compression: { doc: 'How requests are compressed.', format: oneOf('gzip', 'none'), default: 'gzip' },
  flush_interval: {
    doc: 'How long spans and lines gather before they are sent.', format: 'duration', default: '5s', min: 10, max: 10 * MINUTE,
  },
  metrics_interval: { doc: 'How often metrics are sent.', format: 'duration', default: '15s', min: 10, max: 60 * MINUTE },
  batch: {
    doc: 'Most spans or lines of one request; when so many have gathered they are sent at once.',
    format: 'integer', default: 512, min: 1, max: 10_000,
  },
  queue: {
    doc: 'Spans, and lines, that may wait while the collector is slow or away; those beyond are dropped and counted.',
    format: 'integer', default: 8_192, min: 1, max: 1_000_000,
  },
  timeout: { doc: 'How long the collector has for its answer.', format: 'duration', default: '10s', min: 10, max: 10 * MINUTE },
  retry_for: {
    doc: 'How long a request is tried again that the collector could not take for the moment.', format: 'duration', default: '5m', min: 0,
    max: 24 * 60 * MINUTE,
  },
})

export type TelemetryOtlpConfig = ConfigOf<typeof telemetryOtlpConfig>
