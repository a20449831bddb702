import type { Clock } from '../../kernel/contract/index.js'
import { SystemClock } from '../../kernel/observability/system-clock.js'
import { MemoryNetwork } from '../../plugins/transport-memory/memory-network.js'
import { MemoryTransport } from '../../plugins/transport-memory/memory-transport.js'
import type { TransportNode, TransportSubject } from '../kits/transport.js'

const KIB = 1024
const CONFIG = { latency: 0, largest_frame: 256 * KIB, queue: 512 * KIB }

/** Nodes on a memory network of their own. */
export function memoryNodes (clock: Clock = new SystemClock(), latency = 0): TransportSubject {
  const network = new MemoryNetwork()
  return {
    largestFrame: CONFIG.largest_frame,
    node: async (nodeId): Promise<TransportNode> => {
      const facts = { nodeId, zone: 'a', dataDirectory: '', startedAt: 0, version: '0.0.0' }
      const transport = new MemoryTransport(facts, clock, network, { ...CONFIG, latency })
      return {
        transport,
        host: 'memory',
        start: () => transport.start(),
        stop: () => transport.stop(),
        vanish: async () => { transport.vanish() },
      }
    },
  }
}
