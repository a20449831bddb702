import {
  AuditLogToken, CALLER_KEY, ClockToken, formatTraceparent, IDEMPOTENCY_KEY, inject, injectable, MetricsToken, optional, PluginConfig,
  PluginContextToken, RandomToken, SecurityEventsToken, StoreToken, ToolServers, TracerToken,
  type AuditLog, type Clock, type Health, type Metrics, type Named, type PluginContext, type PluginLife, type Random, type SecurityEvents,
  type Store, type ToolCall, type ToolInfo, type ToolResult, type Tools, type ToolServer, type TraceContext,
  type Tracer,
} from '../../kernel/contract/index.js'
import { CallBook } from './calls/call-book.js'
import { failed, ServerDesk } from './calls/server-desk.js'
import { PinBook, PINS } from './definitions/pin-book.js'
import type { ToolDefinition } from './definitions/tool-definition.js'
import { GrantBook, GRANTS } from './grants/grant-book.js'
import { RecordChanges } from './record-changes.js'
import { serverPlans, type ServerPlan } from './server-plans.js'
import { CircuitBreaker } from './servers/circuit-breaker.js'
import { ServerLink, type LinkState } from './servers/server-link.js'
import type { ToolListing } from './servers/server-session.js'
import { SharedConsent } from './shared-consent.js'
import type { ToolsMcpConfig } from './tools-mcp-config.js'

/** States of a server in which a call to it can go well. */
const CALLABLE: readonly LinkState[] = ['ready', 'asleep']
const MIGRATIONS = [{ version: 1, summary: 'Keep grants, and definitions of tools that were agreed to.', creates: [GRANTS, PINS] }]

/** Hosts tool servers and lets agents call their tools by MCP. The plugin's living part. */
@injectable()
export class McpTools implements Tools, PluginLife {
  readonly grants: GrantBook
  readonly pins: PinBook
  /** What all nodes have alike. */
  readonly shared: SharedConsent
  readonly desks = new Map<string, ServerDesk>()
  /** Servers of this process, which are trusted with who calls, and whose tools change with the program. */
  private readonly local = new Set<string>()
  private readonly book: CallBook

  constructor (
    @inject(StoreToken) private readonly store: Store,
    @inject(ClockToken) private readonly clock: Clock,
    @inject(RandomToken) private readonly random: Random,
    @inject(MetricsToken) private readonly metrics: Metrics,
    @inject(SecurityEventsToken) private readonly events: SecurityEvents,
    @inject(TracerToken) private readonly tracer: Tracer,
    @inject(optional(AuditLogToken)) audit: AuditLog | undefined,
    @inject(ToolServers) private readonly servers: ReadonlyArray<Named<ToolServer>>,
    @inject(PluginConfig) private readonly config: ToolsMcpConfig,
    @inject(PluginContextToken) private readonly context: PluginContext,
  ) {
    const changes = new RecordChanges()
    this.grants = new GrantBook(store, clock, changes)
    this.pins = new PinBook(store, clock, config.consent, changes)
    this.shared = new SharedConsent({ grants: this.grants, pins: this.pins, changes, seen: tool => this.find(tool) })
    this.book = new CallBook({ metrics, audit, events, clock, log: context.log })
  }

  async start (): Promise<void> {
    const plans = serverPlans(this.config.servers, this.servers, this.config.result_size, this.clock)
    await this.store.migrate(MIGRATIONS)
    await this.grants.load(this.config.grants)
    await this.pins.load()
    for (const plan of plans) this.desks.set(plan.name, this.deskOf(plan))
    const ready = this.metrics.gauge('caxton_tool_server_ready', 'Whether a tool server can be called: 1 or 0.', ['server'])
    this.metrics.onCollect(() => {
      for (const [server, { link, isSpared }] of this.desks) ready.set(CALLABLE.includes(link.state) && !isSpared ? 1 : 0, { server })
    })
    // What nobody may call need not be there: a server of this process then comes when it is asked for.
    const isGranted = this.grants.list().length > 0
    for (const [server, { link }] of this.desks) if (isGranted || !this.local.has(server)) link.start()
  }

  /** Resolves when servers of this process are there, or have failed to start: others may show what they have. */
  async wake (signal: AbortSignal): Promise<void> {
    await Promise.all([...this.desks].filter(([server]) => this.local.has(server)).map(([, { link }]) => link.ready(signal)))
  }

  async stop (): Promise<void> {
    await Promise.all([...this.desks.values()].map(({ link }) => link.stop()))
  }

  health (): Health {
    const away = [...this.desks.values()].filter(({ link, isSpared }) => isSpared || (link.state !== 'ready' && link.restarts > 0))
    if (away.length === 0) return { state: 'ready' }
    const list = away.map(({ link, isSpared }) => `"${link.name}" (${isSpared ? 'it failed too often' : link.reason})`)
    return { state: 'degraded', detail: `tool servers that can't be called: ${list.join(', ')}` }
  }

  async call (call: ToolCall, signal: AbortSignal): Promise<ToolResult> {
    const began = this.clock.elapsed()
    const [server, tool] = partsOf(call.tool)
    const desk = this.desks.get(server)
    const span = this.tracer.start(`tools/call ${desk === undefined ? 'unknown' : call.tool.slice(0, 128)}`, {
      kind: 'client', parent: call.trace,
      attributes: { 'mcp.method.name': 'tools/call', 'gen_ai.tool.name': tool.slice(0, 128), 'caxton.tool.server': server.slice(0, 64) },
    })
    const result = await this.carryOut(call, desk, tool, span.context, signal)
    span.end(result.ok ? undefined : result.code)
    this.book.end(call, desk === undefined ? '' : server, result, began)
    return result
  }

  list (): readonly ToolInfo[] {
    return this.tools().filter(({ name, definition }) => this.objection(name, definition) === undefined)
      .map(({ name, definition: { description, input } }) => ({ name, description, input }))
  }

  /** Every tool that there is, also those that wait for consent, by name. */
  tools (): ReadonlyArray<{ readonly name: string, readonly definition: ToolDefinition }> {
    const all = [...this.desks].flatMap(([server, { tools }]) =>
      [...tools.values()].map(definition => ({ name: `${server}.${definition.name}`, definition })))
    return all.toSorted((one, other) => one.name < other.name ? -1 : 1)
  }

  /** Milliseconds since the Unix epoch. */
  now (): number {
    return this.clock.now()
  }

  find (name: string): ToolDefinition | undefined {
    const [server, tool] = partsOf(name)
    return this.desks.get(server)?.tools.get(tool)
  }

  /** Whether the operator has agreed to a tool as it is defined now. */
  consentTo (name: string, definition: ToolDefinition): 'agreed' | 'changed' | 'new' {
    return this.local.has(partsOf(name)[0]) ? 'agreed' : this.pins.consentTo(name, definition)
  }

  private async carryOut (
    call: ToolCall, desk: ServerDesk | undefined, tool: string, trace: TraceContext, signal: AbortSignal,
  ): Promise<ToolResult> {
    const { agent, principal } = call.caller
    if (agent !== undefined) {
      const { allowed, because } = this.grants.decide(agent, call.tool, call.arguments)
      if (!allowed) return failed('TOOL_NOT_GRANTED', `"${call.tool}": ${because}`)
    }
    if (desk === undefined) {
      return failed('TOOL_NOT_FOUND', `no tool server has the name before the first dot of "${call.tool.slice(0, 256)}"`)
    }
    if (!await this.book.begin(call)) return failed('TOOL_UNAVAILABLE', 'the call can\'t be put on record at the moment')
    return desk.call(tool, call, {
      traceparent: formatTraceparent(trace),
      [IDEMPOTENCY_KEY]: `${agent === undefined ? `principal:${principal ?? ''}` : `agent:${agent}`}/${call.key}`,
      ...this.local.has(desk.link.name) ? { [CALLER_KEY]: call.caller } : {},
    }, signal)
  }

  private deskOf ({ name, kind, open, timeout }: ServerPlan): ServerDesk {
    const { config, clock } = this
    if (kind === 'local') this.local.add(name)
    const link = new ServerLink({
      name, open, clock, random: this.random, log: this.context.log,
      rules: {
        startTimeout: config.start_timeout, delay: config.restart_delay, delayMax: config.restart_delay_max, refresh: config.refresh,
      },
      listed: listing => this.listed(name, listing),
    })
    return new ServerDesk({
      link, clock, breaker: new CircuitBreaker({ failures: config.breaker_failures, open: config.breaker_open }),
      limits: { idle: timeout ?? config.timeout, total: config.timeout_max, resultBytes: config.result_size, calls: config.calls },
      objection: (tool, definition) => this.objection(`${name}.${tool}`, definition),
    })
  }

  private async listed (server: string, { tools }: ToolListing): Promise<void> {
    if (!this.local.has(server)) await this.pins.seen(server, tools)
    const desk = this.desks.get(server)
    if (desk === undefined) return
    for (const tool of tools) this.noteChange(`${server}.${tool.name}`, tool, desk.tools.get(tool.name))
    desk.tools = new Map(tools.map(tool => [tool.name, tool]))
  }

  /** Says once of each definition that it is not the one that was agreed to. */
  private noteChange (name: string, definition: ToolDefinition, before: ToolDefinition | undefined): void {
    if (this.consentTo(name, definition) !== 'changed') return
    if (before !== undefined && JSON.stringify(before) === JSON.stringify(definition)) return
    const because = 'its definition is not the one that was agreed to: it is refused until `caxton tools approve`'
    this.events.note({ what: 'tool-changed', resource: `tool:${name}`, result: 'warning', because })
  }

  private objection (name: string, definition: ToolDefinition): string | undefined {
    const consent = this.consentTo(name, definition)
    if (consent === 'agreed') return undefined
    const why = consent === 'new' ? 'nobody has agreed to it yet' : 'its definition has changed since somebody agreed to it'
    return `"${name}" can't be called: ${why}`
  }
}

/** What stands before the first dot, and behind it. */
function partsOf (name: string): readonly [server: string, tool: string] {
  const dot = name.indexOf('.')
  return dot < 0 ? ['', name] : [name.slice(0, dot), name.slice(dot + 1)]
}
