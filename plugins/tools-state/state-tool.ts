import {
  ClockToken, inject, injectable, MetricsToken, NodeToken, PluginConfig, PluginLog, StateBackendToken, StateUnavailable, type Clock,
  type Health, type Logger, type Metrics, type Named, type NodeFacts, type PluginLife, type StateBackend, type ToolServer,
  type ToolServerConnection,
} from '../../kernel/contract/index.js'
import { KeySpaces } from './spaces/key-spaces.js'
import { SpaceRoom } from './spaces/space-room.js'
import { StateBackendMissing } from './state-tool-errors.js'
import { StateActions } from './tool/state-actions.js'
import { StateCalls } from './tool/state-calls.js'
import type { StateToolConfig } from './tools-state-config.js'
import { StateTransfer } from './transfer/state-transfer.js'

/** The state tool: an MCP server within this process, over the backend that the configuration names. */
@injectable()
export class StateTool implements ToolServer, PluginLife {
  readonly #connections = new Set<ToolServerConnection>()
  #started: { readonly calls: StateCalls, readonly transfer: StateTransfer } | undefined

  constructor (
    @inject(StateBackendToken) private readonly backends: ReadonlyArray<Named<StateBackend>>,
    @inject(NodeToken) private readonly node: NodeFacts,
    @inject(ClockToken) private readonly clock: Clock,
    @inject(MetricsToken) private readonly metrics: Metrics,
    @inject(PluginConfig) private readonly config: StateToolConfig,
    @inject(PluginLog) private readonly log: Logger,
  ) {}

  /** Throws `STATE_BACKEND_MISSING` or `STATE_SPACE_INVALID`. */
  async start (): Promise<void> {
    const backend = this.#choose()
    const spaces = new KeySpaces(this.config.spaces)
    const room = new SpaceRoom(backend.service, this.clock, this.config.keys_per_space)
    const actions = new StateActions(backend.service, spaces, room, this.config)
    this.#started = {
      calls: new StateCalls(actions, this.clock, this.metrics, this.log), transfer: new StateTransfer(backend.service),
    }
    this.log.info('state tool ready', { backend: backend.instance })
  }

  async stop (): Promise<void> {
    for (const connection of this.#connections) await connection.close()
  }

  health (): Health {
    return this.#started ? { state: 'ready' } : { state: 'failed', detail: 'the state tool has not started' }
  }

  async connect (): Promise<ToolServerConnection> {
    const { calls } = this.#demandStarted()
    // What speaks MCP is large: it is loaded for those whose agents keep state.
    const { serveState } = await import('./mcp/serve-state.js')
    const served = serveState(calls, this.node.version, reason => {
      this.log.debug('a message to the state tool was refused', { reason })
    })
    const connection: ToolServerConnection = {
      ...served,
      close: async () => {
        this.#connections.delete(connection)
        await served.close()
      },
    }
    this.#connections.add(connection)
    return connection
  }

  /** What carries state out and in, for the operations. */
  get transfer (): StateTransfer {
    return this.#demandStarted().transfer
  }

  /** The tools, for the operations. */
  get calls (): StateCalls {
    return this.#demandStarted().calls
  }

  #demandStarted (): { readonly calls: StateCalls, readonly transfer: StateTransfer } {
    if (!this.#started) throw StateUnavailable({ reason: 'the state tool has not started' })
    return this.#started
  }

  #choose (): Named<StateBackend> {
    const wanted = this.config.backend
    const fitting = this.backends.filter(({ instance }) => wanted === undefined || instance === wanted)
    const [only] = fitting
    if (only && fitting.length === 1) return only
    throw StateBackendMissing({ wanted: wanted ?? '', known: this.backends.map(({ instance }) => instance) })
  }
}
