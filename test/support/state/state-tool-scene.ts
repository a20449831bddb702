import type { StateBackend } from '../../../kernel/contract/index.js'
import { StateTool } from '../../../plugins/tools-state/state-tool.js'
import type { StateToolConfig } from '../../../plugins/tools-state/tools-state-config.js'
import { MemoryState } from '../../fixtures/state-backends/memory-state.js'
import { noMetrics } from '../quiet-context.js'
import { RecordingLogger } from '../recording-logger.js'
import { VirtualClock } from '../virtual-clock.js'

/** The plugin's defaults, as the program sees them. */
export const STATE_TOOL_DEFAULTS: StateToolConfig = {
  backend: undefined, value_size: 1024 * 1024, answer_size: 4 * 1024 * 1024, batch: 100, keys_per_space: 100_000, spaces: {},
}

/** The state tool over a backend in memory, started. */
export class StateToolScene {
  private constructor (readonly backend: StateBackend, readonly tool: StateTool) {}

  static async start (config: Partial<StateToolConfig> = {}, backend: StateBackend = new MemoryState()): Promise<StateToolScene> {
    const node = { nodeId: 'node-1', zone: 'a', dataDirectory: '/nowhere', startedAt: 0, version: '0.0.0' }
    const tool = new StateTool(
      [{ instance: 'state-memory', service: backend }], node, new VirtualClock(), noMetrics, { ...STATE_TOOL_DEFAULTS, ...config },
      new RecordingLogger())
    await tool.start()
    return new StateToolScene(backend, tool)
  }

  /** Calls a tool as an agent does; gives the structured content, or the error in it. */
  async as (agent: string, tool: string, values: Readonly<Record<string, unknown>>, key?: string): Promise<unknown> {
    const result = await this.tool.calls.call({ tool, arguments: values, caller: { agent }, key })
    return result?.isError ? result.structured['error'] : result?.structured
  }
}
