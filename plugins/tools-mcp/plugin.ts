import {
  AuditLogToken, ClockToken, definePlugin, MetricsToken, optional, provision, RandomToken, SecurityEventsToken, SharedStates, StoreToken,
  ToolServers, ToolsToken, TracerToken,
} from '../../kernel/contract/index.js'
import { toolCommands } from './commands/tool-commands.js'
import type { McpTools } from './mcp-tools.js'
import { toolOperations } from './tool-operations.js'
import { toolsMcpConfig } from './tools-mcp-config.js'
import { toolsMcpErrors } from './tools-mcp-errors.js'

export default definePlugin({
  name: 'tools-mcp',
  summary: 'Lets agents call tools of MCP servers, which it starts, watches and keeps within bounds.',
  stability: 'beta',
  contract: '^1.0',
  provides: [ToolsToken, provision(SharedStates, (main: McpTools) => main.shared)],
  needs: [
    StoreToken, ClockToken, RandomToken, MetricsToken, SecurityEventsToken, TracerToken, optional(AuditLogToken), ToolServers,
  ],
  asks: ['process.spawn', 'net.dial'],
  config: toolsMcpConfig,
  operations: [toolOperations],
  commands: toolCommands,
  errors: toolsMcpErrors,
  main: async () => (await import('./mcp-tools.js')).McpTools,
})
