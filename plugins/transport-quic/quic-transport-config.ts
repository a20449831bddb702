import { configSchema, linkConfig, oneOf, type ConfigOf } from '../../kernel/contract/index.js'

export const quicTransportConfig = configSchema({
  host: {
    doc: 'Address to listen on for other nodes. Any but loopback needs a certificate of the node.',
    format: 'host', default: '127.0.0.1',
  },
  port: { doc: 'Port to listen on; 0 lets the system choose.', format: 'port', default: 7948 },
  driver: {
    doc: 'What carries the links; two nodes need the same one. auto: the first that is installed, in this order. '
      + 'webtransport-h2 is no QUIC, but for machines where neither of the others can be installed.',
    format: oneOf('auto', 'webtransport-h3', 'libp2p', 'webtransport-h2'), default: 'auto',
  },
  ...linkConfig,
})

export type QuicTransportConfig = ConfigOf<typeof quicTransportConfig>
