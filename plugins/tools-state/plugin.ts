import { ClockToken, definePlugin, MetricsToken, NodeToken, StateBackendToken, ToolServers } from '../../kernel/contract/index.js'
import { stateCommands } from './commands/state-commands.js'
import { stateOperations } from './state-operations.js'
import { stateToolErrors } from './state-tool-errors.js'
import { stateToolConfig } from './tools-state-config.js'

export default definePlugin({
  name: 'tools-state',
  summary: 'Gives agents a tool that keeps JSON values under keys: an MCP server over one of the state backends.',
  stability: 'beta',
  contract: '^1.0',
  provides: [ToolServers],
  needs: [StateBackendToken, NodeToken, ClockToken, MetricsToken],
  config: stateToolConfig,
  operations: [stateOperations],
  commands: stateCommands,
  errors: stateToolErrors,
  main: async () => (await import('./state-tool.js')).StateTool,
})
