import { defineError } from '../../kernel/contract/index.js'

export const ClientAuthoritiesUnusable = defineError({
  code: 'CLIENT_AUTHORITIES_UNUSABLE',
  kind: 'configuration',
  meaning: 'A file with authorities or revocation lists for client certificates can\'t be read or believed.',
  remedy: 'Correct what the message names. A revocation list must be signed by one of the authorities; PEM files hold certificates or '
    + 'lists and nothing else.',
  sentence: (d: { file: string, reason: string }) => `${d.file} can't be used: ${d.reason}`,
})

export const ClientAuthoritiesMissing = defineError({
  code: 'CLIENT_AUTHORITIES_MISSING',
  kind: 'configuration',
  meaning: 'auth-mtls is on, but neither it nor the node names an authority whose certificates could be believed.',
  remedy: 'Give `authorities` in the table of auth-mtls, or the files of identity-files.',
  sentence: (d: { instance: string }) => `[plugins.${d.instance}] has no authorities, and the node has none either`,
})

export const authMtlsErrors = [ClientAuthoritiesUnusable, ClientAuthoritiesMissing] as const
