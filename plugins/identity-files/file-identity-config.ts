import { configSchema, type ConfigOf } from '../../kernel/contract/index.js'

export const fileIdentityConfig = configSchema({
  key: {
    doc: 'PEM file with the node\'s private key, not encrypted. Key, chain and trust go together: all or none.',
    format: 'path',
    default: null,
  },
  chain: {
    doc: 'PEM file with the node\'s certificate, followed by those that lead to an authority.',
    format: 'path',
    default: null,
  },
  trust: {
    doc: 'PEM file with the certificates of the authorities whose nodes and clients this node trusts.',
    format: 'path',
    default: null,
  },
  revoked: {
    doc: 'PEM file with revocation lists of these authorities: what they revoke is refused at once, by all that trusts certificates.',
    format: 'path',
    default: null,
  },
  authority_key: {
    doc: 'Key of one of these authorities, with which this node renews its own certificate in time. Whoever has it can make nodes.',
    format: 'path',
    default: null,
  },
  renew_before: {
    doc: 'With authority_key: how long before its end the certificate is renewed; when a third of its time is left at the latest.',
    format: 'duration',
    default: '30d',
    min: 60_000,
  },
  check_interval: {
    doc: 'How often the files are looked at for a change.',
    format: 'duration',
    default: '5s',
    min: 100,
    max: 3_600_000,
  },
})

export type FileIdentityConfig = ConfigOf<typeof fileIdentityConfig>
