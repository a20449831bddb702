import { defineError } from '../../contract/errors.js'

export const LoginIncomplete = defineError({
  code: 'LOGIN_INCOMPLETE',
  kind: 'invalid',
  meaning: '`caxton login` was not told all that it needs, and knows no earlier login to this server that would say it.',
  remedy: 'Give --issuer and --client-id; your operator knows them. They are remembered for the next time.',
  sentence: (d: { server: string, missing: string }) => `there is no ${d.missing} to log in to ${d.server} with`,
})

export const LoginProviderFailed = defineError({
  code: 'LOGIN_PROVIDER_FAILED',
  kind: 'unavailable',
  meaning: 'The identity provider could not be asked, or answered something that is no answer.',
  remedy: 'See whether the issuer is right and can be reached from here. --issuer-ca names the certificates of one that is your own.',
  sentence: (d: { provider: string, because: string }) => `the identity provider ${d.provider} can't be used: ${d.because}`,
})

export const LoginRefused = defineError({
  code: 'LOGIN_REFUSED',
  kind: 'unauthenticated',
  meaning: 'The identity provider gave no token: the login was refused or not confirmed in time, or the client may not do this.',
  remedy: 'Log in again with `caxton login`. If that does not help, have the client looked at where it is registered.',
  sentence: (d: { provider: string, because: string }) => `the identity provider ${d.provider} gives no token: ${d.because}`,
})

export const LoginExpired = defineError({
  code: 'LOGIN_EXPIRED',
  kind: 'unauthenticated',
  meaning: 'The token of the last login is over, and can not be renewed without you.',
  remedy: 'Log in again with `caxton login`, or forget the login with `caxton logout`.',
  sentence: (d: { server: string, because: string }) => `the login to ${d.server} is over: ${d.because}`,
})

export const LoginFileUnusable = defineError({
  code: 'LOGIN_FILE_UNUSABLE',
  kind: 'precondition',
  meaning: 'The file that keeps logins can not be read or written, or holds something else.',
  remedy: 'Make its folder your own and writable. A damaged file can be deleted: then log in again. XDG_CONFIG_HOME or HOME says '
    + 'where it is.',
  sentence: (d: { file: string, reason: string }) => `can't use the file of logins ${d.file}: ${d.reason}`,
})

export const loginErrors = [LoginIncomplete, LoginProviderFailed, LoginRefused, LoginExpired, LoginFileUnusable] as const
