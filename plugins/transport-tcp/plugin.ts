import {
  ClockToken, definePlugin, IdentityToken, ListenersToken, MetricsToken, NodeToken, optional, SecurityEventsToken, Transports,
} from '../../kernel/contract/index.js'
import { tcpTransportConfig } from './tcp-transport-config.js'

/** By the word in the configuration. */
const SECRECY: ReadonlyMap<unknown, string> = new Map([
  ['auto', 'encrypted (mutual TLS 1.3) if the node has a certificate, else not encrypted, on loopback only'],
  ['required', 'encrypted (mutual TLS 1.3)'],
  ['off', 'not encrypted'],
])

export default definePlugin({
  name: 'transport-tcp',
  summary: 'Carries frames to other nodes over TCP, under mutual TLS 1.3.',
  stability: 'beta',
  contract: '^1.0',
  provides: [Transports],
  needs: [NodeToken, ClockToken, ListenersToken, optional(IdentityToken), MetricsToken, SecurityEventsToken],
  asks: ['net.listen', 'net.dial'],
  config: tcpTransportConfig,
  outlook: async ({ tls }) => `links over TCP: ${SECRECY.get(tls) ?? ''}`,
  main: async () => (await import('./tcp-transport.js')).TcpTransport,
})
