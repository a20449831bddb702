import { configSchema, faceTlsConfig, type ConfigOf } from '../../kernel/contract/index.js'

export const apiGrpcConfig = configSchema({
  host: {
    doc: 'Address to listen on. Any but loopback needs TLS and an authenticator.',
    format: 'host',
    default: '127.0.0.1',
  },
  port: { doc: 'Port to listen on; 0 lets the system choose.', format: 'port', default: 50051 },
  ...faceTlsConfig,
  max_connections: { doc: 'Most connections open at once.', format: 'integer', default: 1_000, min: 1, max: 100_000 },
  max_connections_per_address: {
    doc: 'Of these, most from one address, or for IPv6 one network of 64 bits. Higher where many callers come through one proxy.',
    format: 'integer', default: 200, min: 1, max: 100_000,
  },
  max_headers: { doc: 'Most bytes of the headers of a call.', format: 'bytes', default: '16KiB', min: 1_024, max: 65_535 },
  max_streams: { doc: 'Most calls at once on one connection.', format: 'integer', default: 100, min: 1, max: 10_000 },
  max_message: { doc: 'Largest request message.', format: 'bytes', default: '4MiB', min: 1_024, max: 256 * 2 ** 20 },
  call_timeout: {
    doc: 'Longest time for a call that is no stream of answers, if the caller sets no earlier deadline.',
    format: 'duration', default: '5m', min: 100, max: 86_400_000,
  },
  keepalive: {
    doc: 'How often to ask whether a silent caller still lives.',
    format: 'duration', default: '30s', min: 1_000, max: 7_200_000,
  },
  keepalive_timeout: {
    doc: 'How long its answer may take.',
    format: 'duration', default: '10s', min: 100, max: 600_000,
  },
  idle_timeout: {
    doc: 'Connections without a call are closed after this time.',
    format: 'duration', default: '30m', min: 1_000, max: 86_400_000,
  },
  reflection: {
    doc: 'Tell callers, also unknown ones, which operations and messages exist.',
    format: 'boolean',
    default: true,
  },
})

export type ApiGrpcConfig = ConfigOf<typeof apiGrpcConfig>
