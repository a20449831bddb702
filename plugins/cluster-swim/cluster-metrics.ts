import type { ClusterView, MemberChange, Metrics, Standing } from '../../kernel/contract/index.js'
import type { SwimNode } from './swim-node.js'

const STANDINGS: readonly Standing[] = ['normal', 'unstable', 'majority', 'minority', 'reconciling']

/** Counts what happens in the cluster, and answers for its state when somebody reads. */
export function measure (node: SwimNode, metrics: Metrics): void {
  const total = metrics.gauge('caxton_cluster_nodes', 'Nodes that are known, this one included.')
  const alive = metrics.gauge('caxton_cluster_nodes_alive', 'Nodes that are taken for alive, this one included.')
  const suspect = metrics.gauge('caxton_cluster_nodes_suspect', 'Nodes that are suspected to be dead.')
  const failed = metrics.gauge('caxton_cluster_nodes_failed', 'Nodes that are taken for dead and have not left.')
  const admitted = metrics.gauge('caxton_cluster_nodes_admitted', 'Nodes against which a majority is counted.')
  const reachable = metrics.gauge('caxton_cluster_nodes_reachable', 'Of the admitted nodes, those that answer.')
  const standing = metrics.gauge(
    'caxton_cluster_standing', '1 for how this node stands in the cluster, 0 for the others.', ['standing'])
  const awareness = metrics.gauge(
    'caxton_cluster_health_score', 'How badly this node hears the others: 0 is well, 7 is worst.')
  const waiting = metrics.gauge('caxton_cluster_broadcasts_waiting', 'Pieces of news that are still being passed on.')
  metrics.onCollect(() => {
    const members = node.members()
    const count = (state: string): number => members.filter(member => member.state === state).length
    const view: ClusterView = node.view()
    total.set(members.length)
    alive.set(count('alive'))
    suspect.set(count('suspect'))
    failed.set(count('dead'))
    admitted.set(view.admitted)
    reachable.set(view.reachable)
    for (const word of STANDINGS) standing.set(word === view.standing ? 1 : 0, { standing: word })
    awareness.set(node.core.awareness.score)
    waiting.set(node.core.post.waiting)
  })
}

/** Counts changes by their kind. */
export function changeCounter (metrics: Metrics): (change: MemberChange) => void {
  const changes = metrics.counter(
    'caxton_cluster_changes_total', 'Changes of other nodes\' states, as this one saw them.', ['kind'])
  return ({ kind }) => { changes.add(1, { kind }) }
}
