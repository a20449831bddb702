import { Authenticators, ClockToken, definePlugin, SecurityEventsToken } from '../../kernel/contract/index.js'
import { authOauth2Config } from './auth-oauth2-config.js'
import { authOauth2Errors } from './auth-oauth2-errors.js'

export default definePlugin({
  name: 'auth-oauth2',
  summary: 'Lets callers in by OAuth 2 access tokens, about which it asks the provider that issued them.',
  stability: 'beta',
  contract: '^1.0',
  provides: [Authenticators],
  needs: [ClockToken, SecurityEventsToken],
  asks: ['net.dial', 'fs.read'],
  config: authOauth2Config,
  errors: authOauth2Errors,
  main: async () => (await import('./oauth2-authenticator.js')).Oauth2Authenticator,
})
