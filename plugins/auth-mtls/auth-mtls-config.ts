import { configSchema, listOf, mapOf, oneOf, type ConfigOf } from '../../kernel/contract/index.js'

/** Which names of a certificate a rule looks at. */
export const FIELDS = ['common-name', 'dns', 'email', 'uri'] as const

export const authMtlsConfig = configSchema({
  authorities: {
    doc: 'PEM file with the authorities that sign certificates of callers, each one between them and a root included. '
      + 'Left out: those of the node.',
    format: 'path',
    default: null,
  },
  revoked: {
    doc: 'File with the revocation lists of these authorities, in PEM, or one in DER. Left out: none but those of the node.',
    format: 'path',
    default: null,
  },
  check_interval: {
    doc: 'How often the files are looked at for a change.',
    format: 'duration', default: '5s', min: 100, max: 3_600_000,
  },
  rules: {
    doc: 'Who is let in, under names that you choose; the first rule that fits counts. Without any, everybody whose certificate is good, '
      + 'by its common name and without roles.',
    format: mapOf({
      field: { doc: 'Where to look: the common name, or one of the alternative names.', format: oneOf(...FIELDS), default: 'common-name' },
      pattern: { doc: 'What must stand there. `*` stands for any characters.', format: 'string' },
      roles: { doc: 'Roles that such callers get.', format: listOf('string'), default: [] },
    }),
    default: {},
  },
})

export type AuthMtlsConfig = ConfigOf<typeof authMtlsConfig>
export type NameField = (typeof FIELDS)[number]
