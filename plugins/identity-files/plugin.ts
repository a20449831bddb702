import { ClockToken, definePlugin, IdentityToken, NodeToken } from '../../kernel/contract/index.js'
import { fileIdentityConfig } from './file-identity-config.js'
import { identityErrors } from './identity-errors.js'

export default definePlugin({
  name: 'identity-files',
  summary: 'Takes this node\'s key and certificates from files, and follows when they are replaced.',
  stability: 'stable',
  contract: '^1.0',
  provides: [IdentityToken],
  needs: [NodeToken, ClockToken],
  asks: ['fs.read'],
  config: fileIdentityConfig,
  errors: identityErrors,
  main: async () => (await import('./file-identity.js')).FileIdentity,
})
