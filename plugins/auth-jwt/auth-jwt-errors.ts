import { defineError } from '../../kernel/contract/index.js'

export const JwtIssuerMisconfigured = defineError({
  code: 'JWT_ISSUER_MISCONFIGURED',
  kind: 'configuration',
  meaning: 'The keys of an issuer contradict each other, or one that it needs is missing.',
  remedy: 'Correct what the sentence names; plugins/auth-jwt/README.md says which keys go together.',
  sentence: (d: { path: string, complaint: string }) => `${d.path}: ${d.complaint}`,
})

export const JwtKeysUnusable = defineError({
  code: 'JWT_KEYS_UNUSABLE',
  kind: 'configuration',
  meaning: 'A file with the keys of an issuer, or with the certificates that it is trusted by, can not be used.',
  remedy: 'The keys must be public: a JWK set in JSON, or `PUBLIC KEY` and `CERTIFICATE` blocks in PEM, of RSA with at least 2048 bits, '
    + 'P-256, P-384, P-521 or Ed25519.',
  sentence: (d: { file: string, reason: string }) => `can't use the keys in ${d.file}: ${d.reason}`,
})

export const authJwtErrors = [JwtIssuerMisconfigured, JwtKeysUnusable] as const
