import { configSchema, type ConfigOf } from '../../kernel/contract/index.js'

export const authzRbacConfig = configSchema({
  policy: {
    doc: 'The policy: a TOML file with roles of your own and with who has which role. It may be replaced while the server runs.',
    format: 'path',
  },
  check_interval: {
    doc: 'How often the file is looked at for a change.',
    format: 'duration',
    default: '5s',
    min: 100,
    max: 3_600_000,
  },
})

export type AuthzRbacConfig = ConfigOf<typeof authzRbacConfig>
