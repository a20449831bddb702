import { ClockToken, definePlugin, IdentityToken, MetricsToken, NodeToken, SecurityEventsToken } from '../../kernel/contract/index.js'
import { certificateErrors } from './certificate-errors.js'
import { fileIdentityConfig } from './file-identity-config.js'
import { identityErrors } from './identity-errors.js'
import { securityCommands } from './security-commands.js'

export default definePlugin({
  name: 'identity-files',
  summary: 'Takes this node\'s key and certificates from files, and follows when they are replaced.',
  stability: 'stable',
  contract: '^1.0',
  provides: [IdentityToken],
  needs: [NodeToken, ClockToken, MetricsToken, SecurityEventsToken],
  asks: ['fs.read', 'fs.write'],
  config: fileIdentityConfig,
  outlook: async ({ chain }) => typeof chain === 'string' ? `the node's certificate is in ${chain}` : 'the node has no certificate',
  commands: securityCommands,
  errors: [...identityErrors, ...certificateErrors],
  main: async () => (await import('./file-identity.js')).FileIdentity,
})
