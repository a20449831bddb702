import type { Identity } from '../../kernel/contract/index.js'
import { NetListeners } from '../../kernel/lifecycle/listeners.js'
import { MetricsRegistry } from '../../kernel/observability/metrics.js'
import { SystemClock } from '../../kernel/observability/system-clock.js'
import type { QuicTransportConfig } from '../../plugins/transport-quic/quic-transport-config.js'
import { QuicTransport } from '../../plugins/transport-quic/quic-transport.js'
import type { TransportNode, TransportSubject } from '../kits/transport.js'
import { NodeIdentity } from './node-identity.js'
import { noEvents, QuietContext } from './quiet-context.js'
import { SeededRandom } from './seeded-random.js'
import { TcpRelay } from './tcp-relay.js'
import { UdpRelay } from './udp-relay.js'

const KIB = 1024

export const quicConfig: QuicTransportConfig = {
  host: '127.0.0.1', port: 0, driver: 'auto', largest_frame: 256 * KIB, queue: 512 * KIB,
  keepalive: 200, keepalive_timeout: 300, connect_timeout: 2000, compression: false,
}

/** One node on QUIC, and what is heard of it. */
export interface QuicNode {
  readonly transport: QuicTransport
  readonly context: QuietContext
  readonly metrics: MetricsRegistry
}

export interface QuicNodeOptions {
  readonly identity?: Identity | undefined
  readonly config?: Partial<QuicTransportConfig>
}

let seeds = 1

export function quicNode (nodeId: string, { identity, config = {} }: QuicNodeOptions = {}): QuicNode {
  const facts = { nodeId, zone: 'a', dataDirectory: '', startedAt: 0, version: '0.1.0' }
  const context = new QuietContext('transport-quic')
  const metrics = new MetricsRegistry()
  const listeners = new NetListeners(false, context.log, metrics, noEvents)
  const settings = { ...quicConfig, ...config }
  const random = new SeededRandom(seeds++)
  const transport = new QuicTransport(facts, new SystemClock(), random, listeners, identity, metrics, context.events, settings, context)
  return { transport, context, metrics }
}

/** Nodes behind relays, so that they can vanish and stall. */
export function quicNodes (driver: QuicTransportConfig['driver'], isProven: boolean): TransportSubject {
  return {
    largestFrame: quicConfig.largest_frame,
    node: async (nodeId): Promise<TransportNode> => {
      const { transport } = quicNode(nodeId, { identity: isProven ? new NodeIdentity(nodeId) : undefined, config: { driver } })
      let relay: TcpRelay | UdpRelay | undefined
      return {
        host: '127.0.0.1',
        transport: {
          name: transport.name,
          get driver () { return transport.driver },
          isEncrypted: transport.isEncrypted,
          dial: (...parameters) => transport.dial(...parameters),
          serve: async events => {
            const { port } = await transport.serve(events)
            relay = driver === 'webtransport-h2' ? new TcpRelay(port) : new UdpRelay(port)
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
