import { configSchema, oneOf, type ConfigOf } from '../config.js'

/** The keys of every face that can speak TLS. */
export const faceTlsConfig = configSchema({
  tls: {
    doc: 'auto: TLS if the node has a certificate. off: never. required: refuse to start without.',
    format: oneOf('auto', 'off', 'required'),
    default: 'auto',
  },
  tls_minimum: {
    doc: 'Oldest version of TLS that is spoken: 1.3, or 1.2 for callers that know nothing newer.',
    format: oneOf('1.2', '1.3'),
    default: '1.3',
  },
  client_certificates: {
    doc: 'With TLS: whether callers may or must show a certificate that the authorities of the node, or of auth-mtls, signed. '
      + 'auto: they may, if auth-mtls is on.',
    format: oneOf('auto', 'none', 'optional', 'required'),
    default: 'auto',
  },
  handshake_timeout: {
    doc: 'How long a TLS handshake may take.', format: 'duration', default: '10s', min: 100, max: 120_000,
  },
})

export type FaceTlsConfig = ConfigOf<typeof faceTlsConfig>
