import { defineError } from '../errors.js'

export const CredentialRefused = defineError({
  code: 'CREDENTIAL_REFUSED',
  kind: 'unauthenticated',
  meaning: 'An authenticator recognised a credential, and it is no good. Callers see UNAUTHORIZED only; the log has this.',
  remedy: 'The sentence says what is wrong: have the caller get a new credential, or correct what the configuration expects of it.',
  sentence: (d: { credential: string, because: string }) => `${d.credential} is refused: ${d.because}`,
})

export const credentialErrors = [CredentialRefused] as const
