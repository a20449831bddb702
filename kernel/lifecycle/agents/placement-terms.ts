import { PlacementStrategy, type AgentManifest, type PlacementWish } from '../../contract/index.js'
import { ManifestInvalid } from './agent-errors.js'

const MOST_NODES = 100
const MOST_REPLICAS = 100
const NODE_ID = /^\S{1,255}$/

/** Where the operator wants an agent. Throws `MANIFEST_INVALID`. */
export function wishOf ({ placement }: Pick<AgentManifest, 'placement'>): PlacementWish {
  const { strategy = PlacementStrategy.UNSPECIFIED, nodes = [] } = placement ?? {}
  const [node, ...more] = nodes
  if (nodes.length > MOST_NODES || nodes.some(each => !NODE_ID.test(each))) {
    throw ManifestInvalid({ setting: 'placement.nodes', problem: `they are not at most ${MOST_NODES} node ids` })
  }
  switch (strategy) {
    case PlacementStrategy.PREFER:
      if (node === undefined) throw ManifestInvalid({ setting: 'placement.nodes', problem: 'no node is named that is preferred' })
      return { strategy: 'prefer', nodes }
    case PlacementStrategy.NODE:
      if (node === undefined || more.length > 0) throw ManifestInvalid({ setting: 'placement.nodes', problem: 'exactly one is needed' })
      return { strategy: 'node', node }
    default:
      if (node !== undefined) throw ManifestInvalid({ setting: 'placement.nodes', problem: 'the strategy names no nodes' })
      return { strategy: strategy === PlacementStrategy.SPREAD ? 'spread' : 'least-loaded' }
  }
}

/** The names of the agents that a manifest asks for. Throws `MANIFEST_INVALID`. */
export function replicaNames ({ name, placement }: Pick<AgentManifest, 'name' | 'placement'>): readonly string[] {
  const replicas = placement?.replicas ?? 0
  if (replicas === 0) return [name]
  if (replicas > MOST_REPLICAS) throw ManifestInvalid({ setting: 'placement.replicas', problem: `more than ${MOST_REPLICAS}` })
  return Array.from({ length: replicas }, (_, index) => `${name}-${index + 1}`)
}

/** After "which is to run". */
export function wishWords (wish: PlacementWish): string {
  return wish.strategy === 'node' ? `on ${wish.node} only` : 'on a living node of the cluster'
}

/** Reads a wish that was written as JSON. What makes no sense stands for the default. */
export function keptWish (kept: unknown): PlacementWish {
  const { strategy, node, nodes }: { strategy?: unknown, node?: unknown, nodes?: unknown } =
    typeof kept === 'object' && kept !== null ? kept : {}
  if (strategy === 'node' && typeof node === 'string') return { strategy, node }
  if (strategy === 'prefer' && Array.isArray(nodes)) return { strategy, nodes: nodes.filter(each => typeof each === 'string') }
  return { strategy: strategy === 'spread' ? strategy : 'least-loaded' }
}
