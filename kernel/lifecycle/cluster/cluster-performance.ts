import type { MessageInitShape } from '@bufbuild/protobuf'
import type { ClusterFigureSchema, HistogramSample, Membership } from '../../contract/index.js'
import { quantileBound } from '../../observability/quantile.js'
import type { ClusterOperationsMain } from './cluster-operations-main.js'
import { gossipFigures, livingOthers, ranked } from './gossip-figures.js'

type Figure = MessageInitShape<typeof ClusterFigureSchema>
type Around = Pick<ClusterOperationsMain, 'metrics' | 'registry' | 'clock' | 'echo'>

const ROUTING = 'caxton_message_routing_duration_seconds'
const STARTUP = 'caxton_agent_startup_seconds'

/** What is asked of a cluster, in milliseconds (DESIGN §7). */
const TARGET = {
  routing: { p50: 0.1, p99: 1 }, startup: { p50: 10, p99: 100 }, remote: { p50: 5, p99: 50 }, news: 5_000,
} as const

/** Every figure with its target. Measures the way to other nodes, which takes up to 5 s. */
export async function figuresOf (membership: Membership, around: Around, signal: AbortSignal): Promise<Figure[]> {
  const others = livingOthers(membership)
  const remote = await around.echo?.measure(others.map(({ nodeId }) => nodeId), signal) ?? []
  const { roundTrips, ages } = gossipFigures(membership, around)
  return [
    ...measured('local message', sampleOf(around, ROUTING, 'raw'), TARGET.routing),
    ...measured('agent start', sampleOf(around, STARTUP), TARGET.startup),
    figure('remote round trip P50', TARGET.remote.p50, ranked(remote, 0.5), remote.length),
    figure('remote round trip P99', TARGET.remote.p99, ranked(remote, 0.99), remote.length),
    figure('gossip round trip P50', undefined, ranked(roundTrips, 0.5), roundTrips.length),
    figure('gossip convergence', TARGET.news, ranked(ages, 1), ages.length),
  ]
}

function sampleOf ({ metrics }: Around, name: string, sample?: string): HistogramSample | undefined {
  const found = metrics.snapshot(name).find(metric => metric.name === name)
  if (found?.type !== 'histogram') return undefined
  return found.samples.find(({ labels }) => sample === undefined || labels['sample'] === sample)
}

function measured (metric: string, sample: HistogramSample | undefined, target: { readonly p50: number, readonly p99: number }): Figure[] {
  const [bounds, counts] = [sample?.bounds ?? [], sample?.counts ?? []]
  const count = counts.at(-1) ?? 0
  const milliseconds = (share: number): number | undefined => count === 0 ? undefined : quantileBound(bounds, counts, share) * 1000
  return [
    figure(`${metric} P50`, target.p50, milliseconds(0.5), count),
    figure(`${metric} P99`, target.p99, milliseconds(0.99), count),
  ]
}

function figure (metric: string, target: number | undefined, actual: number | undefined, samples: number): Figure {
  return {
    metric, samples: BigInt(samples),
    met: actual !== undefined && target !== undefined && actual <= target,
    ...target === undefined ? {} : { targetMilliseconds: target },
    ...actual === undefined ? {} : { actualMilliseconds: actual },
  }
}
