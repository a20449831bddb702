import { Admissions, ClockToken, definePlugin, MetricsToken, OperationCatalogueToken, RandomToken } from '../../kernel/contract/index.js'
import { rateLimitConfig } from './rate-limit-config.js'
import { rateLimitErrors } from './rate-limit-errors.js'

export default definePlugin({
  name: 'rate-limit',
  summary: 'Refuses calls that come too often: of one caller, from one address, of one operation.',
  stability: 'beta',
  contract: '^1.0',
  provides: [Admissions],
  needs: [OperationCatalogueToken, ClockToken, RandomToken, MetricsToken],
  config: rateLimitConfig,
  errors: rateLimitErrors,
  main: async () => (await import('./rate-limiter.js')).RateLimiter,
})
