import {
  ClockToken, definePlugin, MembershipToken, MetricsReaderToken, MetricsToken, NodeToken, optional, PeersToken, StoreToken, Telemetries,
} from '../../kernel/contract/index.js'
import { telemetryCommands } from './telemetry-commands.js'
import { telemetryErrors } from './telemetry-errors.js'
import { telemetryLocalConfig } from './telemetry-local-config.js'
import { telemetryOperations } from './telemetry-operations.js'

export default definePlugin({
  name: 'telemetry-local',
  summary: 'Keeps the latest traces, lines of the log and metrics in the node\'s own store, for `caxton trace` and `caxton logs`.',
  stability: 'beta',
  contract: '^1.0',
  provides: [Telemetries],
  needs: [StoreToken, NodeToken, ClockToken, MetricsToken, MetricsReaderToken, PeersToken, optional(MembershipToken)],
  config: telemetryLocalConfig,
  operations: telemetryOperations,
  commands: telemetryCommands,
  errors: telemetryErrors,
  main: async () => (await import('./local-telemetry.js')).LocalTelemetry,
})
