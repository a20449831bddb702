import {
  Authenticators, ClientTrusts, ClockToken, definePlugin, IdentityToken, optional, SecurityEventsToken,
} from '../../kernel/contract/index.js'
import { authMtlsConfig } from './auth-mtls-config.js'
import { authMtlsErrors } from './auth-mtls-errors.js'

export default definePlugin({
  name: 'auth-mtls',
  summary: 'Lets callers in by client certificates, with roles by the names in them.',
  stability: 'beta',
  contract: '^1.0',
  provides: [Authenticators, ClientTrusts],
  needs: [optional(IdentityToken), ClockToken, SecurityEventsToken],
  asks: ['fs.read'],
  config: authMtlsConfig,
  errors: authMtlsErrors,
  main: async () => (await import('./mtls-authenticator.js')).MtlsAuthenticator,
})
