import { configSchema, linkConfig, oneOf, type ConfigOf } from '../../kernel/contract/index.js'

export const tcpTransportConfig = configSchema({
  host: {
    doc: 'Address to listen on for other nodes. Any but loopback needs TLS.',
    format: 'host', default: '127.0.0.1',
  },
  port: { doc: 'Port to listen on; 0 lets the system choose.', format: 'port', default: 7947 },
  tls: {
    doc: 'auto: TLS if the node has a certificate. off: never. required: refuse to start without.',
    format: oneOf('auto', 'off', 'required'), default: 'auto',
  },
  ...linkConfig,
})

export type TcpTransportConfig = ConfigOf<typeof tcpTransportConfig>
