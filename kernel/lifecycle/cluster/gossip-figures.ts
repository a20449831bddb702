import type { AgentRegistry, Clock, Member, Membership, Metrics } from '../../contract/index.js'

/** How quickly news get around, as this node can tell without asking anybody. */
export interface GossipFigures {
  /** The latest round trip to each living node of Caxton that was probed, in milliseconds. */
  readonly roundTrips: readonly number[]
  /**
   * How old the latest news of each of them are, in milliseconds: a change there may have stayed unknown here for so long, and no
   * longer.
   */
  readonly ages: readonly number[]
}

interface Around {
  readonly registry: Pick<AgentRegistry, 'heardOf'> | undefined
  readonly clock: Pick<Clock, 'now'>
}

export function gossipFigures (membership: Pick<Membership, 'members' | 'self'>, { registry, clock }: Around): GossipFigures {
  const others = livingOthers(membership)
  const now = clock.now()
  const heard = others.map(({ nodeId }) => registry?.heardOf(nodeId) ?? 0).filter(at => at !== 0)
  return { roundTrips: others.flatMap(({ roundTrip }) => roundTrip ?? []), ages: heard.map(at => Math.max(0, now - at)) }
}

/** Living nodes of Caxton but this one. */
export function livingOthers (membership: Pick<Membership, 'members' | 'self'>): readonly Member[] {
  const self = membership.self().nodeId
  return membership.members().filter(({ nodeId, state, isCaxton }) => state === 'alive' && isCaxton && nodeId !== self)
}

/** Shows them as they are when somebody reads; 0 where no other node lives. */
export function showGossipFigures (metrics: Metrics, read: () => GossipFigures): void {
  const latency = metrics.gauge('caxton_cluster_gossip_latency_seconds',
    'Median round trip of the latest probe of each living node.')
  const convergence = metrics.gauge('caxton_cluster_convergence_seconds',
    'For how long at most a change on a living node may be unknown here: age of the oldest latest news.')
  metrics.onCollect(() => {
    const { roundTrips, ages } = read()
    latency.set((ranked(roundTrips, 0.5) ?? 0) / 1_000)
    convergence.set((ranked(ages, 1) ?? 0) / 1_000)
  })
}

/** The smallest value that this share does not exceed. */
export function ranked (values: readonly number[], share: number): number | undefined {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]
}
