import { create } from '@bufbuild/protobuf'
import {
  AclMessageSchema, AgentManifestSchema, newTrace, type AclMessage, type AgentEngine, type FinishedSpan, type Protocol, type Store,
  type Tools,
} from '../../kernel/contract/index.js'
import type { MessageInitShape } from '@bufbuild/protobuf'
import { AgentHosting } from '../../kernel/lifecycle/agents/agent-hosting.js'
import type { KernelConfiguration } from '../../kernel/lifecycle/configuration/kernel-schema.js'
import { readConfiguration } from '../../kernel/lifecycle/configuration/read-configuration.js'
import { packageRoot } from '../../kernel/lifecycle/package-root.js'
import { MetricsRegistry } from '../../kernel/observability/metrics.js'
import { SystemClock } from '../../kernel/observability/system-clock.js'
import { SystemRandom } from '../../kernel/observability/system-random.js'
import { tracing, type Tracing } from '../../kernel/observability/tracing.js'
import { MemoryStore } from '../../plugins/store-memory/memory-store.js'
import { noEvents } from './quiet-context.js'
import { RecordingLogger } from './recording-logger.js'
import { REQUEST } from './request-protocol.js'
import { scriptEngine } from './script-engine/script-engine.js'

/** The hosting of agents with a script engine, real threads and a store in memory. */
export class TestHosting {
  readonly random = new SystemRandom()
  /** Those that were recorded. */
  readonly spans: FinishedSpan[] = []

  private constructor (
    readonly hosting: AgentHosting, readonly log: RecordingLogger, readonly metrics: MetricsRegistry, readonly tracing: Tracing,
    /** The numbers of agents for which heaps were to have room, each change of it. */
    readonly counts: readonly number[],
  ) {}

  static async start (
    sets: readonly string[] = [], store: Store = memoryStore(), engine: AgentEngine = scriptEngine(),
    protocols: readonly Protocol[] = [REQUEST], tools?: Tools,
  ): Promise<TestHosting> {
    const configuration = await testConfiguration(sets)
    const log = new RecordingLogger()
    const metrics = new MetricsRegistry()
    const [clock, random] = [new SystemClock(), new SystemRandom()]
    const traces = tracing(configuration.tracing, clock, random, metrics, log)
    const counts: number[] = []
    const hosting = new AgentHosting({
      configuration, store, log, events: noEvents, engine, metrics, protocols, tools, clock, random,
      tracing: traces, heaps: { agents: count => { if (count !== counts.at(-1)) counts.push(count) } },
    })
    try {
      await hosting.start()
    } catch (error) {
      await hosting.stop()
      throw error
    }
    const made = new TestHosting(hosting, log, metrics, traces, counts)
    traces.hub.open([{ instance: 'test', service: { span: span => { made.spans.push(span) } } }])
    return made
  }

  /** Deploys an agent that runs a script. */
  async deploy (name: string, script: string, more: MessageInitShape<typeof AgentManifestSchema> = {}): Promise<boolean> {
    const manifest = create(AgentManifestSchema, { name, ...more })
    return (await this.hosting.agents.deploy(manifest, Buffer.from(script))).changed
  }

  /** Sends a message and waits for the answers. */
  async ask (receiver: string, more: MessageInitShape<typeof AclMessageSchema> = {}, milliseconds = 5_000): Promise<readonly AclMessage[]> {
    const message = create(AclMessageSchema, { performative: 'request', receiver, ...more })
    const signal = new AbortController().signal
    return (await this.hosting.callers.send(message, newTrace(this.random), { milliseconds, signal })).answers
  }

  /** Sends a message without waiting for an answer. */
  async tell (receiver: string, performative = 'inform'): Promise<void> {
    const message = create(AclMessageSchema, { performative, receiver })
    await this.hosting.callers.send(message, newTrace(this.random), undefined)
  }

  /** The present value of a metric without labels. */
  metric (name: string): number {
    return this.metrics.snapshot().find(metric => metric.name === name)?.samples[0]?.value ?? 0
  }

  async stop (): Promise<void> {
    await this.hosting.drain()
    await this.hosting.stop()
  }
}

export const memoryStore = (): Store => new MemoryStore({ max_size: 2 ** 30 }).scopeFor('kernel-agents')

export async function testConfiguration (sets: readonly string[]): Promise<KernelConfiguration> {
  const { kernel, problems } = await readConfiguration({ environment: {}, sets: ['agents.shards=1', ...sets], packageRoot })
  if (problems.length > 0) throw new Error(problems.map(problem => problem.message).join('; '))
  return kernel
}

export const textOf = (message: AclMessage | undefined): string => Buffer.from(message?.content ?? []).toString()
