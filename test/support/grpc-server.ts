import type { DescService } from '@bufbuild/protobuf'
import type { ClientTrust, Identity, Listening, OperationContext, Principal, ServerHealth } from '../../kernel/contract/index.js'
import { NetListeners } from '../../kernel/lifecycle/listeners.js'
import { MetricsRegistry } from '../../kernel/observability/metrics.js'
import { SystemClock } from '../../kernel/observability/system-clock.js'
import { OperationChain, type ChainParts } from '../../kernel/routing/operations/operation-chain.js'
import { OperationRegistry } from '../../kernel/routing/operations/operation-registry.js'
import type { ApiGrpcConfig } from '../../plugins/api-grpc/api-grpc-config.js'
import { GrpcFace } from '../../plugins/api-grpc/grpc-face.js'
import { noEvents } from './quiet-context.js'
import { RecordingLogger } from './recording-logger.js'
import { testTracer } from './test-tracer.js'

export type TestHandler = (request: never, context: OperationContext) => unknown

/** What a test may choose about its server. */
export interface TestServerChoices {
  readonly services: ReadonlyArray<{
    readonly service: DescService
    readonly handlers: Readonly<Record<string, TestHandler>>
  }>
  readonly config?: Partial<ApiGrpcConfig>
  readonly chain?: Partial<ChainParts>
  readonly identity?: Identity
  /** Who knows callers by certificates. */
  readonly trust?: ClientTrust
  readonly health?: ServerHealth
}

/** A gRPC face over a real chain and a real port. */
export interface TestServer {
  readonly address: string
  readonly face: GrpcFace
  readonly log: RecordingLogger
  readonly metrics: MetricsRegistry
  readonly ports: () => readonly Listening[]
  stop (): Promise<void>
}

export const EVERYBODY: Principal = { name: 'test', method: 'test', roles: [] }

const CONFIG: ApiGrpcConfig = {
  host: '127.0.0.1', port: 0, tls: 'auto', tls_minimum: '1.3', client_certificates: 'auto', handshake_timeout: 10_000,
  max_connections: 100, max_connections_per_address: 100, max_headers: 16_384, max_streams: 100, max_message: 4 * 2 ** 20,
  call_timeout: 300_000, keepalive: 30_000, keepalive_timeout: 10_000, idle_timeout: 1_800_000, reflection: true,
}

export async function startGrpcServer (choices: TestServerChoices): Promise<TestServer> {
  const log = new RecordingLogger()
  const metrics = new MetricsRegistry()
  const clock = new SystemClock()
  const registry = new OperationRegistry()
  for (const { service, handlers } of choices.services) registry.add({ instance: 'test', service, handlers })
  const chain = new OperationChain({
    registry, log, metrics, clock,
    tracer: testTracer(clock, () => {}), authenticators: [], authorizer: undefined, admissions: [], audit: undefined,
    ...choices.chain,
  })
  const listeners = new NetListeners(false, log, metrics, noEvents)
  const context = { instance: 'api-grpc', log, fail: (error: Error): void => { throw error } }
  const config = { ...CONFIG, ...choices.config }
  const trusts = choices.trust === undefined ? [] : [{ instance: 'auth-mtls', service: choices.trust }]
  const face = new GrpcFace(listeners, chain, choices.identity, choices.health, trusts, clock, config, context)
  try {
    await face.start()
  } catch (error) {
    await face.stop()
    throw error
  }
  return {
    address: `127.0.0.1:${face.port ?? 0}`, face, log, metrics, ports: () => listeners.list(), stop: () => face.stop(),
  }
}
