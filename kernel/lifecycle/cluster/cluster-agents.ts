import type { MessageInitShape } from '@bufbuild/protobuf'
import {
  DELIVERY, type AgentListing, type AgentRegistry, type ListClusterAgentsRequest, type ListClusterAgentsResponseSchema, type Membership,
} from '../../contract/index.js'
import { agentsOfNode } from './agents-of-node.js'

const LISTED = 1_000
const MOST_LISTED = 100_000

type Request = Pick<ListClusterAgentsRequest, 'prefix' | 'nodeId' | 'limit' | 'after'>
type Answer = MessageInitShape<typeof ListClusterAgentsResponseSchema>

/** A node's id has no slash. */
const cursorOf = (nodeId: string, name: string): string => `${nodeId}/${name}`

/**
 * A page of the agents of all nodes, by node and name. Only the nodes of the page are looked through, so that a large cluster
 * does not hold up everything else.
 */
export function listAgents (membership: Membership, registry: AgentRegistry, { prefix, nodeId, limit, after }: Request): Answer {
  const most = limit === 0 ? LISTED : Math.min(limit, MOST_LISTED)
  const [afterNode = '', afterName = ''] = after.split('/')
  const nodes = [...registry.nodes()].filter(id => nodeId === '' || id === nodeId).sort()
  const found: Array<{ readonly node: string, readonly listing: AgentListing }> = []
  for (const node of nodes.filter(id => id >= afterNode)) {
    if (found.length > most) break
    // What a dead node had is shown only as long as nobody has taken it over.
    const isThere = isReachable(membership, node)
    const listings = [...registry.ofNode(node)].filter(({ name }) => name.startsWith(prefix)
      && (node !== afterNode || name > afterName) && (isThere || registry.find(name)?.nodeId === node))
    listings.sort((a, b) => a.name < b.name ? -1 : 1)
    found.push(...listings.slice(0, most + 1 - found.length).map(listing => ({ node, listing })))
  }
  const page = found.slice(0, most)
  const last = page.at(-1)
  const { reachable, admitted } = membership.view()
  return {
    agents: page.map(({ node, listing }) => shown(node, listing, isReachable(membership, node))),
    next: found.length > page.length && last !== undefined ? cursorOf(last.node, last.listing.name) : '',
    nodes: nodes.map(id => ({
      nodeId: id, state: membership.member(id)?.state ?? 'unknown', agents: agentsOfNode(registry, id, isReachable(membership, id)),
    })),
    stale: reachable < admitted,
  }
}

function isReachable (membership: Membership, nodeId: string): boolean {
  const state = membership.member(nodeId)?.state
  return state === 'alive' || state === 'suspect'
}

const shown = (nodeId: string, { name, state, claim, delivery, module }: AgentListing, isThere: boolean) => ({
  nodeId, name, claim: BigInt(claim), delivery: DELIVERY[delivery] ?? '', module,
  state: isThere ? state : 'unreachable',
})
