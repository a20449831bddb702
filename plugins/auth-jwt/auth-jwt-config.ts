import { claimKeys, configSchema, listOf, mapOf, oneOf, type ConfigOf } from '../../kernel/contract/index.js'

/** Signature algorithms that can be allowed; `none` is not among them (RFC 8725 §3.2). */
const algorithm = oneOf(
  'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519', 'HS256', 'HS384', 'HS512',
)

const DAY = 86_400_000

const issuerKeys = configSchema({
  issuer: { doc: 'What its tokens have in `iss`, to the letter.', format: 'string' },
  audience: { doc: 'What this server is called in `aud`; one of them is enough.', format: listOf('string') },
  jwks_url: { doc: 'Where the issuer publishes its keys. Each issuer has this, or `key_file`, or `secret`.', format: 'url', default: null },
  key_file: { doc: 'File with the issuer\'s public keys: a JWK set, or PEM.', format: 'path', default: null },
  secret: { doc: 'Secret that the issuer shares with this server, for HS256, HS384 and HS512.', format: 'secret', default: null },
  ca_file: {
    doc: 'PEM file with the certificates that `jwks_url` is trusted by, instead of the usual ones.', format: 'path', default: null,
  },
  algorithms: {
    doc: 'How tokens may be signed. HS256, HS384 and HS512 go with `secret`, all others without.',
    format: listOf(algorithm), default: ['RS256', 'PS256', 'ES256', 'EdDSA'],
  },
  type: {
    doc: 'at+jwt: access tokens by RFC 9068 only. jwt: tokens whose header has no type or `JWT` as well; ID tokens may be among them.',
    format: oneOf('at+jwt', 'jwt'), default: 'at+jwt',
  },
  clock_skew: { doc: 'By how much the issuer\'s clock may differ from this one.', format: 'duration', default: '30s', max: 300_000 },
  max_age: {
    doc: 'Longest time since a token was issued, whatever it says itself. Left out: only its own end counts.',
    format: 'duration', default: null, min: 1_000,
  },
  certificate: {
    doc: 'if-bound: a token that is bound to a client certificate (RFC 8705) needs it. required: others are refused.',
    format: oneOf('if-bound', 'required'), default: 'if-bound',
  },
  keys_refresh: { doc: 'How often the keys are read anew.', format: 'duration', default: '5m', min: 1_000, max: DAY },
  keys_keep: {
    doc: 'How long the last keys hold when they can\'t be read anew; then every token is refused.',
    format: 'duration', default: '1h', min: 1_000, max: 30 * DAY,
  },
  keys_retry: {
    doc: 'Shortest time from one reading to the next, for tokens with an unknown key and after a failure.',
    format: 'duration', default: '10s', min: 100, max: 3_600_000,
  },
  ...claimKeys,
})

export const authJwtConfig = configSchema({
  issuers: { doc: 'Whose tokens are taken, under names that you choose.', format: mapOf(issuerKeys), default: {} },
  max_token: { doc: 'Largest token.', format: 'bytes', default: '8KiB', min: 256, max: 65_536 },
  cache_entries: { doc: 'Verified tokens that are remembered until they end.', format: 'integer', default: 10_000, min: 1, max: 1_000_000 },
  timeout: { doc: 'How long it may take to fetch keys.', format: 'duration', default: '5s', min: 100, max: 20_000 },
})

export type AuthJwtConfig = ConfigOf<typeof authJwtConfig>
export type IssuerKeys = ConfigOf<typeof issuerKeys>
