import {
  defineError, isCaxtonError, type AuditRecord, type Call, type CaxtonError, type FinishedSpan, type OperationContext, type OperationInfo,
  type Principal, type SecurityEvent,
} from '../../kernel/contract/index.js'
import { MetricsRegistry } from '../../kernel/observability/metrics.js'
import { OperationChain, type ChainParts } from '../../kernel/routing/operations/operation-chain.js'
import { OperationRegistry } from '../../kernel/routing/operations/operation-registry.js'
import { RecordingLogger } from './recording-logger.js'
import { strangerService } from './stranger-service.js'
import { testTracer } from './test-tracer.js'
import { VirtualClock } from './virtual-clock.js'

const SERVICE = strangerService([
  { name: 'Read', right: 'notes:read', resources: ['{name}'] },
  { name: 'Write', right: 'notes:write', changes: true },
  { name: 'Follow', right: 'notes:read', givesStream: true },
  { name: 'Upload', right: 'notes:write', changes: true, takesStream: true, resources: ['{name}', '* if data'] },
])
export const ADA: Principal = { name: 'key:ada', method: 'keys', roles: [] }
export const Full = defineError({
  code: 'FULL', kind: 'exhausted', meaning: 'Full.', remedy: 'Empty it.', sentence: (_details: object) => 'full',
})

export type Handle = (request: unknown, context: OperationContext) => unknown

/** A chain with fakes at every seam, which note the order in which they are asked. */
export interface Scene {
  readonly chain: OperationChain
  readonly log: RecordingLogger
  readonly clock: VirtualClock
  readonly metrics: MetricsRegistry
  readonly records: AuditRecord[]
  readonly events: SecurityEvent[]
  readonly steps: string[]
  readonly spans: FinishedSpan[]
}

export function scene (handlers: Readonly<Record<string, Handle>> = {}, parts: Partial<ChainParts> = {}): Scene {
  const log = new RecordingLogger()
  const clock = new VirtualClock()
  const metrics = new MetricsRegistry()
  const records: AuditRecord[] = []
  const events: SecurityEvent[] = []
  const steps: string[] = []
  const spans: FinishedSpan[] = []
  const registry = new OperationRegistry()
  const act: Handle = async () => { steps.push('act'); return { count: 1 } }
  const all = { read: act, write: act, follow: act, upload: act, ...handlers }
  registry.add({ instance: 'notes', service: SERVICE, handlers: all })
  const chain = new OperationChain({
    registry, log, clock, metrics,
    tracer: testTracer(clock, span => { spans.push(span) }),
    admissions: [{ instance: 'limit', service: { admit: (_origin, _operation, principal) => {
      steps.push(principal === undefined ? 'admit' : `admit ${principal.name}`)
      return { admitted: true }
    } } }],
    authenticators: [{ instance: 'keys', service: { authenticate: async () => {
      steps.push('authenticate')
      return ADA
    } } }],
    authorizer: { decide: () => { steps.push('authorize'); return { allowed: true, because: 'all may' } } },
    audit: { record: async record => {
      steps.push(record.event)
      if (record.event === 'security') events.push(record)
      else records.push(record)
    } },
    ...parts,
  })
  return { chain, log, clock, metrics, records, events, steps, spans }
}

export function call (headers: Readonly<Record<string, string>> = {}, signal?: AbortSignal): Call {
  const origin = { face: 'test', address: '127.0.0.1', headers: new Map(Object.entries(headers)) }
  return { origin, signal: signal ?? new AbortController().signal }
}

export function named (chain: OperationChain, name: string): OperationInfo {
  const found = chain.list().find(operation => operation.name === `acme.v1.Clockwork/${name}`)
  if (found === undefined) throw new Error(`no operation ${name}`)
  return found
}

export async function refusal (work: Promise<unknown>): Promise<CaxtonError> {
  try {
    await work
  } catch (error) {
    if (isCaxtonError(error)) return error
    throw error
  }
  throw new Error('nothing was refused')
}

export async function all (items: AsyncIterable<unknown>): Promise<unknown[]> {
  const list: unknown[] = []
  for await (const item of items) list.push(item)
  return list
}
