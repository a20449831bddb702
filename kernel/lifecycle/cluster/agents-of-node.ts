import type { AgentRegistry } from '../../contract/index.js'

/** How many agents a node has. Those of one that is out of reach are counted only as long as nobody has taken them over. */
export function agentsOfNode (registry: AgentRegistry, nodeId: string, isThere: boolean): number {
  if (isThere) return registry.count(nodeId)
  let count = 0
  for (const { name } of registry.ofNode(nodeId)) if (registry.find(name)?.nodeId === nodeId) count += 1
  return count
}
