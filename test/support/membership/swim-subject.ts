import type { MembershipSubject } from '../../kits/membership.js'
import { SimulatedCluster, type NodeOptions } from '../cluster-swim/simulated-cluster.js'

/** Longest virtual time in which something of gossip happens, and a time in which all of it has. */
const MOST = 60_000
const LINGER = 15_000

/** Nodes that speak SWIM on a simulated network, in virtual time. */
export function swimMembers (seed: number): MembershipSubject & { stop (): Promise<void> } {
  const cluster = new SimulatedCluster(seed)
  const earlier = new Map<string, NodeOptions>()
  return {
    node: async nodeId => {
      const { swim, address, store } = await cluster.add(nodeId, { ...earlier.get(nodeId), isSilent: true })
      earlier.set(nodeId, { host: address.host, store })
      return {
        membership: swim,
        seed: `${address.host}:${address.port}`,
        stop: () => swim.stop(),
        vanish: () => { cluster.kill(nodeId) },
      }
    },
    until: async holds => { await cluster.until(holds, MOST, 'what the kit waits for') },
    linger: () => cluster.time.pass(LINGER),
    stop: () => cluster.stop(),
  }
}
