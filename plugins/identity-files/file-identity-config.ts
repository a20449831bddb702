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
  check_interval: {
    doc: 'How often the files are looked at for a change.',
    format: 'duration',
    default: '5s',
    min: 100,
    max: 3_600_000,
  },
})

export type FileIdentityConfig = ConfigOf<typeof fileIdentityConfig>
