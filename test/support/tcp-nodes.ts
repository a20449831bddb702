import { NetListeners } from '../../kernel/lifecycle/listeners.js'
import { MetricsRegistry } from '../../kernel/observability/metrics.js'
import { SystemClock } from '../../kernel/observability/system-clock.js'
import type { TcpTransportConfig } from '../../plugins/transport-tcp/tcp-transport-config.js'
import { TcpTransport } from '../../plugins/transport-tcp/tcp-transport.js'
import type { Identity } from '../../kernel/contract/index.js'
import type { TransportNode, TransportSubject } from '../kits/transport.js'
import { NodeIdentity } from './node-identity.js'
import { noEvents, QuietContext } from './quiet-context.js'
import { TcpRelay } from './tcp-relay.js'

const KIB = 1024

export const tcpConfig: TcpTransportConfig = {
  host: '127.0.0.1', port: 0, tls: 'auto', largest_frame: 256 * KIB, queue: 512 * KIB,
  keepalive: 200, keepalive_timeout: 300, connect_timeout: 2000, compression: false,
}

/** One node on TCP, and what is heard of it. */
export interface TcpNode {
  readonly transport: TcpTransport
  readonly context: QuietContext
  readonly metrics: MetricsRegistry
}

export interface TcpNodeOptions {
  readonly identity?: Identity | undefined
  readonly config?: Partial<TcpTransportConfig>
  readonly version?: string
}

export function tcpNode (nodeId: string, { identity, config = {}, version = '0.1.0' }: TcpNodeOptions = {}): TcpNode {
  const facts = { nodeId, zone: 'a', dataDirectory: '', startedAt: 0, version }
  const context = new QuietContext('transport-tcp')
  const metrics = new MetricsRegistry()
  const listeners = new NetListeners(false, context.log, metrics, noEvents)
  const settings = { ...tcpConfig, ...config }
  const transport = new TcpTransport(facts, new SystemClock(), listeners, identity, metrics, context.events, settings, context)
  return { transport, context, metrics }
}

/** Nodes behind relays, so that they can vanish and stall. */
export function tcpNodes (isSecure: boolean, config: Partial<TcpTransportConfig> = {}): TransportSubject {
  return {
    largestFrame: config.largest_frame ?? tcpConfig.largest_frame,
    node: async (nodeId): Promise<TransportNode> => {
      const { transport } = tcpNode(nodeId, { identity: isSecure ? new NodeIdentity(nodeId) : undefined, config })
      let relay: TcpRelay | undefined
      return {
        host: '127.0.0.1',
        transport: {
          name: transport.name,
          driver: transport.driver,
          get isEncrypted () { return transport.isEncrypted },
          dial: (...parameters) => transport.dial(...parameters),
          serve: async events => {
            relay = new TcpRelay((await transport.serve(events)).port)
            return { port: await relay.open() }
          },
        },
        start: () => transport.start(),
        stop: async () => {
          await transport.stop()
          relay?.close()
        },
        vanish: async () => { relay?.cut() },
        stall: async () => { relay?.stall() },
      }
    },
  }
}
