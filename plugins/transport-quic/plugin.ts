import {
  ClockToken, definePlugin, IdentityToken, ListenersToken, MetricsToken, NodeToken, optional, RandomToken, SecurityEventsToken, Transports,
} from '../../kernel/contract/index.js'
import { quicErrors } from './quic-errors.js'
import { quicTransportConfig } from './quic-transport-config.js'

export default definePlugin({
  name: 'transport-quic',
  summary: 'Carries frames to other nodes over QUIC, or over HTTP/2 where no QUIC can be installed.',
  stability: 'beta',
  contract: '^1.0',
  provides: [Transports],
  needs: [NodeToken, ClockToken, RandomToken, ListenersToken, optional(IdentityToken), MetricsToken, SecurityEventsToken],
  asks: ['net.listen', 'net.dial'],
  config: quicTransportConfig,
  errors: quicErrors,
  outlook: async (config, instance) => (await import('./quic-outlook.js')).quicOutlook(config, instance),
  main: async () => (await import('./quic-transport.js')).QuicTransport,
})
