import { AuthorizerToken, ClockToken, definePlugin, OperationCatalogueToken, SecurityEventsToken } from '../../kernel/contract/index.js'
import { authCommands } from './auth-commands.js'
import { authorizationOperations } from './authorization-operations.js'
import { authzErrors } from './authz-errors.js'
import { authzRbacConfig } from './authz-rbac-config.js'

export default definePlugin({
  name: 'authz-rbac',
  summary: 'Decides who may do what: roles with rights on things, bound to callers by a policy file.',
  stability: 'beta',
  contract: '^1.0',
  provides: [AuthorizerToken],
  needs: [OperationCatalogueToken, SecurityEventsToken, ClockToken],
  asks: ['fs.read'],
  config: authzRbacConfig,
  outlook: async ({ policy }, _instance, operations) => (await import('./policy-outlook.js')).policyOutlook(String(policy), operations),
  operations: [authorizationOperations],
  commands: authCommands,
  errors: authzErrors,
  main: async () => (await import('./rbac-authorizer.js')).RbacAuthorizer,
})
