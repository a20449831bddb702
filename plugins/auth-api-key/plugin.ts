import {
  Authenticators, ClockToken, definePlugin, NodeToken, provision, RandomToken, SecurityEventsToken, SharedStates, StoreToken,
} from '../../kernel/contract/index.js'
import type { ApiKeyAuthenticator } from './api-key-authenticator.js'
import { apiKeyErrors } from './api-key-errors.js'
import { apiKeyOperations } from './api-key-operations.js'
import { authApiKeyConfig } from './auth-api-key-config.js'
import { keyCommands } from './commands/key-commands.js'

export default definePlugin({
  name: 'auth-api-key',
  summary: 'Lets callers in by API keys, of which only keyed hashes are kept.',
  stability: 'beta',
  contract: '^1.0',
  provides: [Authenticators, provision(SharedStates, (main: ApiKeyAuthenticator) => main.shared)],
  needs: [StoreToken, NodeToken, ClockToken, RandomToken, SecurityEventsToken],
  asks: ['fs.read', 'fs.write'],
  config: authApiKeyConfig,
  operations: [apiKeyOperations],
  commands: keyCommands,
  errors: apiKeyErrors,
  main: async () => (await import('./api-key-authenticator.js')).ApiKeyAuthenticator,
})
