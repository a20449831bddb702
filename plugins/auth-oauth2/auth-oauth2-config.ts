import { claimKeys, configSchema, listOf, oneOf, type ConfigOf } from '../../kernel/contract/index.js'

const HOUR = 3_600_000

export const authOauth2Config = configSchema({
  introspection_url: { doc: 'Where the provider answers questions about tokens (RFC 7662).', format: 'url' },
  client_id: { doc: 'What this server is called at the provider.', format: 'string' },
  client_secret: { doc: 'Its secret there.', format: 'secret' },
  client_auth: {
    doc: 'How it proves itself there. basic: in a header. post: in the form.', format: oneOf('basic', 'post'), default: 'basic',
  },
  ca_file: {
    doc: 'PEM file with the certificates that the provider is trusted by, instead of the usual ones.', format: 'path', default: null,
  },
  audience: {
    doc: 'What this server is called in `aud`; one of them is enough. An empty list, for providers that name no audience: not checked.',
    format: listOf('string'),
  },
  issuer: { doc: 'What the provider\'s answers have in `iss`. Left out: not checked.', format: 'string', default: null },
  jwt: { doc: 'Ask about signed tokens (JWT) of `issuer` as well, so that they can be withdrawn.', format: 'boolean', default: false },
  certificate: {
    doc: 'if-bound: a token that is bound to a client certificate (RFC 8705) needs it. required: others are refused.',
    format: oneOf('if-bound', 'required'), default: 'if-bound',
  },
  clock_skew: { doc: 'By how much the provider\'s clock may differ from this one.', format: 'duration', default: '30s', max: 300_000 },
  cache_time: {
    doc: 'How long an answer is taken for true. A token that was withdrawn is good for this long at most, also while the provider is away.',
    format: 'duration', default: '30s', max: HOUR,
  },
  negative_cache_time: {
    doc: 'How long a token stays refused that the provider does not know.', format: 'duration', default: '10s', max: HOUR,
  },
  cache_entries: { doc: 'Answers that are remembered, and as many refusals.', format: 'integer', default: 10_000, min: 1, max: 1_000_000 },
  max_questions: {
    doc: 'Questions to the provider at once; a call that would ask one more is refused.',
    format: 'integer', default: 64, min: 1, max: 10_000,
  },
  max_token: { doc: 'Largest token.', format: 'bytes', default: '4KiB', min: 64, max: 65_536 },
  timeout: { doc: 'How long the provider may take to answer.', format: 'duration', default: '5s', min: 100, max: 9_000 },
  retry: {
    doc: 'How long the provider is left alone after it did not answer; meanwhile calls are refused at once.',
    format: 'duration', default: '1s', max: HOUR,
  },
  ...claimKeys,
  role_claims: { ...claimKeys.role_claims, default: ['scope'] },
})

export type AuthOauth2Config = ConfigOf<typeof authOauth2Config>
