import { SystemClock } from '../../../kernel/observability/system-clock.js'
import { SystemRandom } from '../../../kernel/observability/system-random.js'
import { MetricsRegistry } from '../../../kernel/observability/metrics.js'
import type { AuditRecord, AuditLog, Named, SecurityEvent, Span, ToolCall, ToolResult, ToolServer } from '../../../kernel/contract/index.js'
import { McpTools } from '../../../plugins/tools-mcp/mcp-tools.js'
import type { ServerConfig, ToolsMcpConfig } from '../../../plugins/tools-mcp/tools-mcp-config.js'
import { memoryStore } from '../hosting.js'
import { QuietContext } from '../quiet-context.js'
import { until } from '../until.js'

const MIB = 1024 * 1024
const USUAL: ToolsMcpConfig = {
  servers: {}, grants: { all: { agents: ['clerk'], tools: ['*'], arguments: [] } }, consent: 'changed',
  timeout: 60_000, timeout_max: 60_000,
  result_size: MIB, calls: 8, refresh: 3_600_000, start_timeout: 60_000, restart_delay: 20, restart_delay_max: 100,
  breaker_failures: 100, breaker_open: 60_000,
}
/** A server of which the configuration says nothing yet. */
export const UNSAID: ServerConfig = {
  command: undefined, args: [], folder: undefined, env: [], url: undefined, headers: [], timeout: undefined, issuer: undefined,
  client_id: undefined, client_secret: undefined, scopes: [],
}

/** A host of tool servers as a server has it, without the rest of the server. */
export class ToolHost {
  readonly context = new QuietContext('tools-mcp')
  readonly metrics = new MetricsRegistry()
  readonly notes: Array<Omit<SecurityEvent, 'event'>> = []
  readonly records: AuditRecord[] = []
  readonly tools: McpTools

  constructor (
    servers: Readonly<Record<string, Partial<ServerConfig>>>, more: Partial<ToolsMcpConfig> = {},
    local: ReadonlyArray<Named<ToolServer>> = [], store = memoryStore(),
  ) {
    const configured = Object.fromEntries(Object.entries(servers).map(([name, config]) => [name, { ...UNSAID, ...config }]))
    const audit: AuditLog = { record: async record => { if (record.event !== 'security') this.records.push(record) } }
    const span = (): Span => ({ context: { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: true }, set: () => {}, end: () => {} })
    this.tools = new McpTools(
      store, new SystemClock(), new SystemRandom(), this.metrics,
      { note: event => { this.notes.push(event) } }, { start: span }, audit, local,
      { ...USUAL, ...more, servers: configured }, this.context,
    )
  }

  /** Resolves when every server is there, or asleep because nobody has been granted anything. */
  async start (): Promise<void> {
    await this.tools.start()
    const hasCome = (): boolean => [...this.tools.desks.values()].every(({ link: { state } }) => state === 'ready' || state === 'asleep')
    await until(hasCome, 60_000).catch((cause: unknown) => {
      throw new Error(this.tools.health().detail ?? 'tool servers still start', { cause })
    })
  }

  call (tool: string, given: Readonly<Record<string, unknown>> = {}, more: Partial<ToolCall> = {}): Promise<ToolResult> {
    return this.tools.call({
      tool, arguments: given, caller: { agent: 'clerk' }, key: 'k1', deadline: 0,
      trace: { traceId: '1'.repeat(32), spanId: '2'.repeat(16), sampled: false }, ...more,
    }, new AbortController().signal)
  }

  /** The text of a result, or its code. */
  async said (tool: string, given: Readonly<Record<string, unknown>> = {}, more: Partial<ToolCall> = {}): Promise<string> {
    const result = await this.call(tool, given, more)
    return result.ok ? result.answer.text : result.code
  }
}
