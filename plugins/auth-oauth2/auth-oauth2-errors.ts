import { defineError } from '../../kernel/contract/index.js'

export const Oauth2Misconfigured = defineError({
  code: 'OAUTH2_MISCONFIGURED',
  kind: 'configuration',
  meaning: 'The keys of auth-oauth2 contradict each other, or a file that they name can not be read.',
  remedy: 'Correct what the sentence names; plugins/auth-oauth2/README.md says which keys go together.',
  sentence: (d: { path: string, complaint: string }) => `${d.path}: ${d.complaint}`,
})

export const Oauth2ProviderFailed = defineError({
  code: 'OAUTH2_PROVIDER_FAILED',
  kind: 'unavailable',
  meaning: 'The provider could not be asked about a token, so the call was refused. Callers see UNAUTHORIZED only; the log has this.',
  remedy: 'See whether the provider runs and can be reached from here, and whether client_id and client_secret are still good there.',
  sentence: (d: { provider: string, because: string }) => `${d.provider} could not be asked about a token: ${d.because}`,
})

export const authOauth2Errors = [Oauth2Misconfigured, Oauth2ProviderFailed] as const
