import {
  ClockToken, definePlugin, MetricsReaderToken, MetricsToken, NodeToken, RandomToken, Telemetries,
} from '../../kernel/contract/index.js'
import { otlpErrors } from './otlp-errors.js'
import { telemetryOtlpConfig } from './telemetry-otlp-config.js'

export default definePlugin({
  name: 'telemetry-otlp',
  summary: 'Sends traces, metrics and the log to a collector by OTLP over HTTP.',
  stability: 'beta',
  contract: '^1.0',
  provides: [Telemetries],
  needs: [NodeToken, ClockToken, RandomToken, MetricsToken, MetricsReaderToken],
  asks: ['net.dial', 'fs.read'],
  config: telemetryOtlpConfig,
  errors: otlpErrors,
  main: async () => (await import('./otlp-telemetry.js')).OtlpTelemetry,
})
