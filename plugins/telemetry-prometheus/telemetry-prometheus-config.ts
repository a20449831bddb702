import { configSchema, faceTlsConfig, oneOf, type ConfigOf } from '../../kernel/contract/index.js'

export const telemetryPrometheusConfig = configSchema({
  host: {
    doc: 'Address to listen on. Any but loopback needs TLS and an authenticator.',
    format: 'host',
    default: '127.0.0.1',
  },
  port: {
    doc: 'Port to listen on; 0 lets the system choose. A Prometheus on the same machine has 9090 for itself, unless told otherwise.',
    format: 'port', default: 9090,
  },
  credentials: {
    doc: 'Whether callers must prove who they are and need the rights metrics:read and server:read: always, or (auto) if others than this '
      + 'machine can reach the port. /live and /ready, which tell one word, ask nobody.',
    format: oneOf('auto', 'always'),
    default: 'auto',
  },
  ...faceTlsConfig,
  request_timeout: {
    doc: 'How long a request may take to come in, and its answer to be made and taken.',
    format: 'duration', default: '10s', min: 100, max: 600_000,
  },
  idle_timeout: {
    doc: 'Connections without a request are closed after this time; longer than the interval of scrapes, they are kept from one to the '
      + 'next.',
    format: 'duration', default: '90s', min: 100, max: 3_600_000,
  },
  max_requests: {
    doc: 'Requests that are answered at once; those above are told to come again.',
    format: 'integer', default: 10, min: 1, max: 1_000,
  },
  max_connections: { doc: 'Most connections open at once.', format: 'integer', default: 100, min: 1, max: 10_000 },
  max_connections_per_address: {
    doc: 'Of these, most from one address, or for IPv6 one network of 64 bits.',
    format: 'integer', default: 50, min: 1, max: 10_000,
  },
  max_headers: { doc: 'Most bytes of the headers of a request.', format: 'bytes', default: '16KiB', min: 1_024, max: 65_535 },
})

export type TelemetryPrometheusConfig = ConfigOf<typeof telemetryPrometheusConfig>
