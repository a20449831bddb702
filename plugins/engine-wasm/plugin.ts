import { AgentEngineToken, definePlugin } from '../../kernel/contract/index.js'
import { engineConfig } from './engine-config.js'
import { newAgentCommand } from './new-agent.js'
import { newAgentErrors } from './new-agent-errors.js'
import { wasmErrors } from './wasm-errors.js'

export default definePlugin({
  name: 'engine-wasm',
  summary: 'Runs agents that are uploaded as WebAssembly modules, with a bound on their work and memory.',
  stability: 'beta',
  contract: '^1.0',
  provides: [AgentEngineToken],
  config: engineConfig,
  commands: [newAgentCommand],
  errors: [...wasmErrors, ...newAgentErrors],
  main: async () => (await import('./engine.js')).WasmEngine,
})
