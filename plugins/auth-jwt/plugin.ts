import { Authenticators, ClockToken, definePlugin, SecurityEventsToken } from '../../kernel/contract/index.js'
import { authJwtConfig } from './auth-jwt-config.js'
import { authJwtErrors } from './auth-jwt-errors.js'

export default definePlugin({
  name: 'auth-jwt',
  summary: 'Lets callers in by signed tokens (JWT) of issuers that the operator names.',
  stability: 'beta',
  contract: '^1.0',
  provides: [Authenticators],
  needs: [ClockToken, SecurityEventsToken],
  asks: ['net.dial', 'fs.read'],
  config: authJwtConfig,
  errors: authJwtErrors,
  main: async () => (await import('./jwt-authenticator.js')).JwtAuthenticator,
})
