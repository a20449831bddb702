import type { Identity, Link, LinkEvents, NodeFacts, PluginLife, Transport } from '../../kernel/contract/index.js'
import { NetListeners } from '../../kernel/lifecycle/listeners.js'
import { MetricsRegistry } from '../../kernel/observability/metrics.js'
import { SystemClock } from '../../kernel/observability/system-clock.js'
import { SystemRandom } from '../../kernel/observability/system-random.js'
import type { QuicTransportConfig } from '../../plugins/transport-quic/quic-transport-config.js'
import { QuicTransport } from '../../plugins/transport-quic/quic-transport.js'
import { TcpTransport } from '../../plugins/transport-tcp/tcp-transport.js'
import { NodeIdentity } from '../../test/support/node-identity.js'
import { QuietContext } from '../../test/support/quiet-context.js'

/** What carries the frames of one measurement. */
export interface Carrier {
  readonly transport: 'tcp' | 'quic'
  readonly driver: QuicTransportConfig['driver']
  /** Whether the nodes have certificates. */
  readonly isSecure: boolean
}

const LINK = {
  host: '127.0.0.1', port: 0, largest_frame: 2 * 2 ** 20, queue: 4 * 2 ** 20,
  keepalive: 2000, keepalive_timeout: 3000, connect_timeout: 5000, compression: false,
}

/** A transport as the server would make it, without the server. */
export function transportOf (nodeId: string, carrier: Carrier): Transport & Required<Pick<PluginLife, 'start' | 'stop'>> {
  const { transport, driver, isSecure } = carrier
  const node: NodeFacts = { nodeId, zone: 'a', dataDirectory: '', startedAt: 0, version: '0.1.0' }
  const identity: Identity | undefined = isSecure ? new NodeIdentity(nodeId) : undefined
  const context = new QuietContext()
  const [clock, metrics] = [new SystemClock(), new MetricsRegistry()]
  const silent = { note: () => {} }
  const listeners = new NetListeners(false, context.log, metrics, silent)
  if (transport === 'tcp') return new TcpTransport(node, clock, listeners, identity, metrics, silent, { ...LINK, tls: 'auto' }, context)
  return new QuicTransport(node, clock, new SystemRandom(), listeners, identity, metrics, silent, { ...LINK, driver }, context)
}

/** First byte of a frame: what its receiver does with it. */
export const ECHO = 0
export const COUNT = 1
/** Answers with how many were counted, and with the processor time of this process in µs. */
export const REPORT = 2

const count = new Float64Array(1)

export const events = (frame: LinkEvents['frame']): LinkEvents => ({ frame, opened: () => {}, closed: () => {} })

/** The other process: echoes, counts and reports. */
export async function serveEcho (carrier: Carrier): Promise<number> {
  const transport = transportOf('node-b', carrier)
  await transport.start(new AbortController().signal)
  const { port } = await transport.serve(events((link, frame) => { answer(link, frame) }))
  return port
}

function answer (link: Link, frame: Uint8Array): void {
  if (frame[0] === ECHO) link.send(frame)
  else if (frame[0] === COUNT) count[0] = (count[0] ?? 0) + 1
  else {
    const { user, system } = process.cpuUsage()
    const report = Float64Array.of(REPORT, count[0] ?? 0, user + system)
    count[0] = 0
    link.send(new Uint8Array(report.buffer))
  }
}
