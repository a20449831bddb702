import { CONTRACT_VERSION, NodeToken, type Metrics, type NodeFacts, type Plugin } from '../contract/index.js'
import { measureHealth } from '../observability/health-metrics.js'
import { DiskRoom } from '../observability/process/disk-room.js'
import { GarbageCollections } from '../observability/process/garbage-collections.js'
import { LoopLag } from '../observability/process/loop-lag.js'
import { measureProcess } from '../observability/process/process-figures.js'
import { part, type Surroundings } from './kernel-part.js'

/** What the server as a process does and takes, as metrics. */
export function processPart ({ node, clock, metrics, health }: Surroundings): Plugin {
  return part({
    name: 'kernel-process',
    summary: 'Measures this process, its disk and its health.',
    needs: [NodeToken],
    register () {
      const lag = new LoopLag(metrics, clock)
      const collections = new GarbageCollections(metrics)
      const disk = new DiskRoom(node.dataDirectory)
      measureProcess(metrics, node.startedAt)
      measureHealth(metrics, health)
      showNode(metrics, node)
      disk.show(metrics)
      return {
        start: async () => {
          lag.start()
          collections.start()
          await disk.ask()
        },
        stop: async () => {
          lag.stop()
          collections.stop()
        },
      }
    },
  })
}

/** What stands still, as labels of a metric that is always 1: to be joined with others. */
function showNode (metrics: Metrics, { nodeId, zone, version }: NodeFacts): void {
  metrics.gauge('caxton_build_info',
    'Always 1; the version of the server, of its contract for plugins, and of Node.', ['version', 'contract', 'node'])
    .set(1, { version, contract: CONTRACT_VERSION, node: process.versions.node })
  metrics.gauge('caxton_node_info', 'Always 1; name and zone of this node.', ['node_id', 'zone']).set(1, { node_id: nodeId, zone })
}
