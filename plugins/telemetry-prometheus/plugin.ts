import {
  ClientTrusts, ClockToken, definePlugin, IdentityToken, ListenersToken, MetricsReaderToken, MetricsToken, NodeToken, OperationsToken,
  optional, ServerHealthToken,
} from '../../kernel/contract/index.js'
import { telemetryPrometheusConfig } from './telemetry-prometheus-config.js'

export default definePlugin({
  name: 'telemetry-prometheus',
  summary: 'Shows metrics to Prometheus, and health to whoever balances load or restarts servers.',
  stability: 'beta',
  contract: '^1.0',
  needs: [
    NodeToken, ClockToken, ListenersToken, MetricsToken, MetricsReaderToken, ServerHealthToken, OperationsToken, optional(IdentityToken),
    ClientTrusts,
  ],
  asks: ['net.listen'],
  config: telemetryPrometheusConfig,
  main: async () => (await import('./prometheus-face.js')).PrometheusFace,
})
