import {
  ClockToken, definePlugin, IdentityToken, ListenersToken, MetricsToken, NodeToken, optional, Transports,
} from '../../kernel/contract/index.js'
import { tcpTransportConfig } from './tcp-transport-config.js'

export default definePlugin({
  name: 'transport-tcp',
  summary: 'Carries frames to other nodes over TCP, under mutual TLS 1.3.',
  stability: 'beta',
  contract: '^1.0',
  provides: [Transports],
  needs: [NodeToken, ClockToken, ListenersToken, optional(IdentityToken), MetricsToken],
  asks: ['net.listen', 'net.dial'],
  config: tcpTransportConfig,
  main: async () => (await import('./tcp-transport.js')).TcpTransport,
})
