import { Cluster, operations, type Handlers, type Membership, type OperationService } from '../../contract/index.js'
import { listAgents } from './cluster-agents.js'
import { ClusterLeft, ClusterNotConfigured, ClusterReadOnly } from './cluster-errors.js'
import { shownMembers } from './cluster-members.js'
import type { ClusterOperationsMain } from './cluster-operations-main.js'
import { figuresOf } from './cluster-performance.js'
import { statusOf } from './cluster-status.js'
import { tellStory } from './cluster-story.js'

const DRAIN = 60_000
const LONGEST_DRAIN = 3_600_000

const LACKING = { membership: 'membership', registry: 'registry', deeds: 'placement of agents' } as const

/** The operations on the cluster: they translate, and leave the work to the seams and to {@link ClusterDeeds}. */
export const clusterOperations: OperationService = operations(Cluster, (main: ClusterOperationsMain): Handlers<typeof Cluster> => ({
  async status () {
    return statusOf(part(main, 'membership'), main)
  },

  async members () {
    return { members: shownMembers(part(main, 'membership'), main) }
  },

  async * watch (_request, { signal }) {
    yield * tellStory(part(main, 'membership'), main, signal)
  },

  async performance (_request, { signal }) {
    return { figures: await figuresOf(part(main, 'membership'), main, signal) }
  },

  async ping ({ nodeId }, { signal }) {
    return { roundTripMilliseconds: await part(main, 'membership').ping(nodeId, signal) }
  },

  async listAgents (request) {
    return listAgents(part(main, 'membership'), part(main, 'registry'), request)
  },

  async * leave ({ drainMilliseconds, force }, { signal }) {
    if (!force) checkWritable(part(main, 'membership'))
    const within = drainMilliseconds === 0 ? DRAIN : Math.min(drainMilliseconds, LONGEST_DRAIN)
    for await (const progress of part(main, 'deeds').leave(within, force, signal)) yield { progress }
  },

  async remove ({ nodeId, force }) {
    const membership = part(main, 'membership')
    if (!force) checkWritable(membership)
    await membership.remove(nodeId, force)
    return {}
  },

  async rejoin ({ seeds }, { signal }) {
    const membership = part(main, 'membership')
    const { nodeId, state } = membership.self()
    if (state === 'left') throw ClusterLeft({ nodeId })
    return { joined: await membership.join(seeds, signal) }
  },

  async * rebalance ({ dryRun }, { signal }) {
    if (!dryRun) checkWritable(part(main, 'membership'))
    for await (const progress of part(main, 'deeds').rebalance(dryRun, signal)) yield { progress }
  },
}))

/** A part of the cluster. Throws `CLUSTER_NOT_CONFIGURED`. */
function part<K extends keyof typeof LACKING> (main: ClusterOperationsMain, name: K): NonNullable<ClusterOperationsMain[K]> {
  const found = main[name]
  if (found === undefined) throw ClusterNotConfigured({ missing: LACKING[name] })
  return found
}

function checkWritable (membership: Membership): void {
  const { isWritable, reachable, admitted } = membership.view()
  if (!isWritable) throw ClusterReadOnly({ reachable, admitted })
}
